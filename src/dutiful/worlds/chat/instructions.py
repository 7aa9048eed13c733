"""Small tasks, each asked for in many ways. All wordings were written for this library.

`observed` are the wordings that a model may be tuned on, `unobserved` say the same in other words and are for testing alone,
`negated` forbid what the observed ones ask for.
"""

from __future__ import annotations

from typing import NamedTuple


class Wordings(NamedTuple):
    """The instructions of one task."""

    observed: tuple[str, ...]
    unobserved: tuple[str, ...]
    negated: tuple[str, ...]


WORDINGS: dict[str, Wordings] = {
    "sentiment": Wordings(
        (
            "Is the review positive or negative?",
            "Classify the review as positive or negative.",
            "Decide whether the review is positive or negative.",
        ),
        (
            "Did the writer like it? Say positive if so, and negative if not.",
            "What is the mood of this opinion, positive or negative?",
            "Somebody wrote this to me. Were they pleased (positive) or annoyed (negative)?",
            "Sort this comment onto one of two piles: negative or positive.",
            "A good word or a bad word? Reply with positive or negative.",
        ),
        (
            "Do not say whether the review is positive or negative.",
            "Do not classify the review as positive or negative.",
            "Do not decide whether the review is positive or negative.",
        ),
    ),
    "topic": Wordings(
        (
            "Is the sentence about sport or food?",
            "Name the topic of the sentence: sport or food.",
            "Classify the sentence as sport or food.",
        ),
        (
            "Would this be printed on the sport page or on the food page?",
            "What was this person busy with, sport or food?",
            "Choose the drawer that this note belongs in: food or sport.",
            "I am collecting news on food and on sport. Which of the two is this?",
            "Put one word above this line as its heading, sport or food.",
        ),
        (
            "Do not say whether the sentence is about sport or food.",
            "Do not name the topic of the sentence: sport or food.",
            "Do not classify the sentence as sport or food.",
        ),
    ),
    "first": Wordings(
        ("What is the first item of the list?", "Name the first item in the list.", "Copy the first item of the list."),
        (
            "Which word does it begin with?",
            "Give me whatever stands at the very start.",
            "Read out the opening entry, please.",
            "Of these, which one comes before all the others?",
            "Tell me the word that has nothing to the left of it.",
        ),
        (
            "Do not say the first item of the list.",
            "Do not name the first item in the list.",
            "Do not copy the first item of the list.",
        ),
    ),
    "last": Wordings(
        ("What is the last item of the list?", "Name the last item in the list.", "Copy the last item of the list."),
        (
            "Which word does it end with?",
            "Give me whatever stands at the very end.",
            "Read out the closing entry, please.",
            "Of these, which one comes after all the others?",
            "Tell me the word that has nothing to the right of it.",
        ),
        (
            "Do not say the last item of the list.",
            "Do not name the last item in the list.",
            "Do not copy the last item of the list.",
        ),
    ),
    "larger": Wordings(
        ("Which number is larger?", "Name the larger number.", "Pick the larger of the two numbers."),
        (
            "Which of these is worth more?",
            "Give me the one that is greater.",
            "If these were prices, which thing would be dearer?",
            "Tell me the higher figure.",
            "Counting up from zero, which of the two would you reach later?",
        ),
        ("Do not say which number is larger.", "Do not name the larger number.", "Do not pick the larger of the two numbers."),
    ),
    "smaller": Wordings(
        ("Which number is smaller?", "Name the smaller number.", "Pick the smaller of the two numbers."),
        (
            "Which of these is worth less?",
            "Give me the one that is lesser.",
            "If these were prices, which thing would be cheaper?",
            "Tell me the lower figure.",
            "Counting up from zero, which of the two would you reach sooner?",
        ),
        ("Do not say which number is smaller.", "Do not name the smaller number.", "Do not pick the smaller of the two numbers."),
    ),
    "opposite": Wordings(
        ("What is the opposite of the word?", "Name a word that means the opposite.", "Give the antonym of the word."),
        (
            "Which word says the contrary?",
            "Turn the meaning around.",
            "If something is not like this at all, how is it then?",
            "What would you say in place of it to contradict it?",
            "Find the word at the other end of the scale.",
        ),
        (
            "Do not say the opposite of the word.",
            "Do not name a word that means the opposite.",
            "Do not give the antonym of the word.",
        ),
    ),
    "alike": Wordings(
        ("What is another word with the same meaning?", "Name a word that means the same.", "Give a synonym of the word."),
        (
            "Which word could stand in its place?",
            "Say it differently, but keep the sense.",
            "If something is like this, how else may one call it?",
            "What would you write to avoid repeating it?",
            "Find the word next to it in meaning.",
        ),
        (
            "Do not say another word with the same meaning.",
            "Do not name a word that means the same.",
            "Do not give a synonym of the word.",
        ),
    ),
    "fact": Wordings(
        ("Answer the question with yes or no.", "Is it true? Answer yes or no.", "Reply yes or no to the question."),
        (
            "Settle this for me in a single word, yes or no.",
            "My little sister wants to know. Is the right reply no or yes?",
            "Nod (yes) or shake your head (no).",
            "What would an encyclopaedia say to this, yes or no?",
            "True means yes, false means no. Which is it?",
        ),
        (
            "Do not answer the question with yes or no.",
            "Is it false? Do not answer yes or no.",
            "Do not reply yes or no to the question.",
        ),
    ),
    "count": Wordings(
        ("How many items are in the list?", "Count the items of the list.", "Give the number of items in the list."),
        (
            "If I bought one of each, how many things would I carry?",
            "What is the length of this enumeration?",
            "Put a figure on how much is written here, entry by entry.",
            "Tick them off one after the other. Which number do you get to?",
            "How many shelves do I need when each of these gets its own?",
        ),
        (
            "Do not say how many items are in the list.",
            "Do not count the items of the list.",
            "Do not give the number of items in the list.",
        ),
    ),
}

MEANINGS = (
    ("big", "large", "small"), ("happy", "glad", "sad"), ("fast", "quick", "slow"), ("cold", "chilly", "hot"),
    ("rich", "wealthy", "poor"), ("smart", "clever", "stupid"), ("loud", "noisy", "quiet"), ("hard", "difficult", "easy"),
    ("begin", "start", "end"), ("shut", "closed", "open"), ("ill", "sick", "healthy"), ("brave", "bold", "timid"),
    ("dirty", "filthy", "clean"), ("old", "aged", "young"), ("odd", "strange", "normal"), ("angry", "furious", "calm"),
    ("thin", "slim", "fat"), ("hate", "detest", "love"), ("wet", "damp", "dry"), ("tiny", "minute", "huge"),
    ("buy", "purchase", "sell"), ("right", "correct", "wrong"), ("weak", "feeble", "strong"), ("empty", "vacant", "full"),
    ("build", "construct", "destroy"), ("near", "close", "far"), ("rude", "impolite", "polite"), ("bright", "shining", "dark"),
    ("answer", "reply", "ask"), ("tired", "weary", "fresh"), ("fall", "drop", "rise"), ("pretty", "beautiful", "ugly"),
    ("safe", "secure", "dangerous"), ("lazy", "idle", "busy"), ("gift", "present", "theft"), ("friend", "pal", "enemy"),
    ("remain", "stay", "leave"), ("tidy", "neat", "messy"), ("below", "under", "above"), ("evil", "wicked", "kind"),
)  # fmt: skip
"""(word, one that means the same, its opposite)."""

FACTS = {
    "fly": (
        ("an eagle", "a bee", "an owl", "a swallow", "a butterfly", "a crow"),
        ("a cow", "a spoon", "a snail", "a horse", "a brick", "a mouse"),
    ),
    "swim": (
        ("a fish", "a duck", "a dolphin", "a frog", "a whale", "a shark"),
        ("a stone", "a chair", "a tree", "a lamp", "a cactus", "a candle"),
    ),
    "bark": (
        ("a dog", "a puppy", "a terrier", "a poodle", "a spaniel", "a hound"),
        ("a cat", "a goldfish", "a table", "a sheep", "a parrot", "a shoe"),
    ),
    "melt": (
        ("ice", "butter", "snow", "chocolate", "wax", "cheese"),
        ("a book", "a shirt", "a tree", "a carpet", "a dream", "paper"),
    ),
    "be eaten": (
        ("bread", "an apple", "a carrot", "rice", "a banana", "soup"),
        ("a hammer", "a window", "a car", "a stone", "a pencil", "a bottle"),
    ),
    "burn": (("wood", "paper", "coal", "straw", "a candle", "a match"), ("water", "sand", "a stone", "ice", "a puddle", "rain")),
}
"""What can do it, and what cannot."""
