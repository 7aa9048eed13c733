"""A rewriter of instructions made of templates: what stands in for a language model where none is given.

`Rewriter` is a function of the prompt, for `Scripted(reply=...)`. It answers the three questions that `teachers.codi` asks (write
ten more; which mode; rewrite) from what the prompt shows alone: it finds out the mode of an instruction by its words, and says
the same in another frame, with another requirement, in the style that is asked for.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Mapping

from dutiful.core.prompt import Prompt

REQUIREMENTS: Mapping[str, tuple[str, ...]] = {
    "at most": (
        "at most {number} words", "no more than {number} words", "{number} words or fewer", "a maximum of {number} words",
        "not over {number} words", "up to {number} words", "{number} words at the most", "a ceiling of {number} words",
    ),
    "at least": (
        "at least {number} words", "{number} words or more", "no fewer than {number} words", "a minimum of {number} words",
        "not under {number} words", "{number} words at the least", "a good {number} words and beyond", "{number} words upwards",
    ),
    "equal": (
        "exactly {number} words", "precisely {number} words", "{number} words, no more and no less",
        "a total of {number} words on the dot",
        "{number} words on the nose", "neither more nor less than {number} words", "{number} words, counted",
        "a word count of {number}, to the word",
    ),
    "around": (
        "about {number} words", "around {number} words", "roughly {number} words", "approximately {number} words",
        "some {number} words, give or take a few", "close to {number} words", "nearly {number} words or slightly over",
        "{number} words or so",
    ),
    "between": (
        "between {number1} and {number2} words", "{number1} to {number2} words", "from {number1} up to {number2} words",
        "at least {number1} but at most {number2} words", "no fewer than {number1} and no more than {number2} words",
        "a word count from {number1} to {number2}", "over {number1} and under {number2} words, both included",
        "anything from {number1} to {number2} words",
    ),
    "plain": (
        "the words {keywords}", "all of {keywords}", "{keywords}, in any order", "{keywords}, each at least once",
        "the terms {keywords}", "{keywords} somewhere in it", "these words: {keywords}", "mentions of {keywords}",
    ),
    "complex": (
        "{keywords}, but never {banned}", "{keywords} and not the word {banned}", "{keywords}; {banned} is forbidden",
        "the words {keywords}, with {banned} left out", "{keywords}, while {banned} must not occur",
        "{keywords} in it and {banned} kept away", "{keywords}, anything but {banned}", "{keywords} yet no {banned}",
    ),
    "polarity": (
        "a {feeling} tone", "a {feeling} mood", "{feeling} words", "a {feeling} view of things", "a {feeling} attitude",
        "a {feeling} ring to it", "an overall {feeling} impression", "{feeling} colours",
    ),
    "emotion": (
        "a feeling of {feeling}", "much {feeling}", "{feeling} in every line", "{feeling} as its main emotion",
        "{feeling} written all over it", "a strong sense of {feeling}", "nothing but {feeling}", "signs of {feeling}",
    ),
    "topic": (
        "{topic} as its subject", "the topic {topic}", "a focus on {topic}", "a theme: {topic}", "something to say on {topic}",
        "everything turning on {topic}", "{topic} at its heart", "a link to {topic} throughout",
    ),
    "multi": (
        "{topic} as its subject and a {feeling} tone", "a {feeling} view of {topic}", "a focus on {topic} in {feeling} words",
        "a {feeling} mood and the topic {topic}", "something {feeling} to say on {topic}",
        "{topic} at its heart, told in a {feeling} way",
        "{feeling} thoughts on {topic}", "the theme {topic}, seen as {feeling}",
    ),
}  # fmt: skip
"""What an instruction of each mode asks for, as an object of "with"."""

TEXTS = (
    "a text", "a short text", "a story", "a note", "a paragraph", "a little piece", "a letter", "a post", "a scene",
    "a reply to a friend", "a page of a diary",
)  # fmt: skip
FRAMES = (
    "Write {text} with {asked}.",
    "Produce {text} that has {asked}.",
    "I need {text}, with {asked}.",
    "Let me have {text} with {asked}.",
    "What I want is {text} that comes with {asked}.",
    "Compose {text}. It should have {asked}.",
    "Your task: {text} with {asked}.",
    "Think of {text} and write it down, with {asked}.",
    "Here is a job for you. Write {text} that has {asked}.",
    "With {asked}: that is how I want {text}.",
)
POLITE = (
    "Continue what follows, {manner}: {context}", "Here is the beginning of a text. Write the rest {manner}. {context}",
    "How might this go on? Answer {manner}. {context}", "Take up the thread {manner}: {context}",
    "Somebody wrote: {context} Write what comes next, {manner}.", "Give this an ending {manner}: {context}",
    "Your turn to go on, {manner}, from here: {context}", "The text breaks off. Complete it {manner}: {context}",
)  # fmt: skip
MANNERS = (
    "politely", "without any insult", "in a friendly way", "with respect for all", "in words that hurt nobody",
    "without rude words",
    "calmly and kindly", "so that a child may read it", "in a civil tone", "leaving offence aside",
)  # fmt: skip
STYLES: Mapping[str, str] = {
    "polite": "Would you be so kind? {} Thank you very much.",
    "formal": "The following is requested herewith. {}",
    "casual": "Hey, quick one: {} Cheers!",
    "urgent": "This is urgent, I need it right now! {}",
    "wordy": "I have been thinking for quite a while how best to put this, and so, to come to the point at last: {}",
    "terse": "{} That's all.",
    "questioning": "Could you do something for me? {} Is that possible?",
    "friendly": "Hello there, I hope that you are well. {} Looking forward to it!",
    "strict": "Follow this to the letter. {} Anything else is refused.",
    "humble": "I am sorry to trouble you. {} Only if you find the time.",
    "poetic": "As the evening falls and pens begin to move: {}",
    "business": "Re: content request. {} Kind regards.",
    "teacherly": "Class, here is today's exercise. {} Mind your spelling.",
    "storytelling": "My grandmother once set me a task, and now I set it to you: {}",
    "enthusiastic": "Oh, this will be fun! {} I can hardly wait!",
    "technical": "Specification of the output: {} End of specification.",
}
"""What a style word does to an instruction."""

CUES = (
    ("between", r"\{number1\}"),
    ("equal", r"\{number\}", r"exact|precise|no less|nor less|dot\b|on the nose|not one|counted|to the word"),
    ("around", r"\{number\}", r"about|around|rough|approx|give or take|close to|nearly|or so"),
    ("at least", r"\{number\}", r"at least|or more|fewer than|minimum|not under|at the least|beyond|upwards"),
    ("at most", r"\{number\}"),
    ("complex", r"\{banned\}"),
    ("plain", r"\{keywords\}"),
    ("multi", r"\{topic\}", r"\{feeling\}"),
    ("topic", r"\{topic\}"),
    ("toxicity", r"\{context\}"),
    (
        "emotion",
        r"express|full of|feels|show \{|(sentences|feeling|sense|signs) of|emotion|much \{|every line|all over|nothing but",
    ),
    ("polarity", r"\{feeling\}"),
)
"""A mode, and what must all be found in an instruction of it; the first that fits is the mode."""


class Rewriter:
    """Answers by templates; the same prompt always gets the same answer."""

    def __call__(self, prompt: Prompt) -> str:
        text = prompt[-1].text
        draw = random.Random(zlib.crc32(text.encode()))
        shown = re.findall(r"^(?:\d+\.|Instruction:) (.*)$", text, re.MULTILINE)
        if "[brackets]" in text:
            style = re.search(r'in the style "([^"]*)"', text)
            return f"[{say(mode_of(shown[-1]), style[1] if style else '', draw)}]"
        if "Mode:" in text:
            return mode_of(shown[-1])
        modes = [mode_of(instruction) for instruction in shown]
        return "\n".join(f"{i}. {say(draw.choice(modes), '', draw)}" for i in range(1, 11))


def mode_of(instruction: str) -> str:
    """The mode that an instruction with slots asks for, by its words."""
    text = instruction.lower()
    return next((mode for mode, *cues in CUES if all(re.search(cue, text) for cue in cues)), "")


def say(mode: str, style: str, draw: random.Random) -> str:
    """An instruction of a mode, with slots, in a style."""
    if mode == "toxicity":
        said = draw.choice(POLITE).replace("{manner}", draw.choice(MANNERS))
    else:
        said = draw.choice(FRAMES).replace("{text}", draw.choice(TEXTS)).replace("{asked}", draw.choice(REQUIREMENTS[mode]))
        said = said[0].upper() + said[1:]
    return STYLES.get(style, "{}").replace("{}", said)
