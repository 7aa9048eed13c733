"""What is known of others' interfaces: which calls ask a model, what they take, which models are for what."""

from __future__ import annotations

import re
from typing import NamedTuple

MODEL_CALLS: dict[str, str] = {
    "openai": r"openai\.(\w*OpenAI)\.(beta\.)?(chat\.completions|responses|completions)\.(create|parse|stream)"
    r"|openai\.(chat\.completions|responses|completions)\.create|openai\.(ChatCompletion|Completion)\.a?create",
    "anthropic": r"anthropic\.\w*Anthropic\w*\.(beta\.)?(messages|completions)\.(create|stream)",
    "langchain": r"langchain\w*(\.\w+)*\.(Chat\w+|\w*OpenAI|Ollama\w*|\w*Anthropic|init_chat_model|LLMChain|\w*LLM|AgentExecutor|initialize_agent|"  # noqa: E501
    r"create_react_agent|create_agent|HuggingFace(Hub|Endpoint|Pipeline))"
    r"\.(a?invoke|a?predict|a?run|a?generate|a?stream|a?batch|a?call|__call__)",
    "smolagents": r"smolagents(\.\w+)*\.\w*(Model|Agent)\.(__call__|generate|run)",
    "litellm": r"litellm\.a?completion",
    "ollama": r"ollama\.(chat|generate)|ollama\.\w*Client\.(chat|generate)",
    "transformers": r"transformers\.pipeline\.__call__|transformers\.\w*Pipeline\.__call__",
    "dutiful": r"dutiful\.core\.(model\.Model|episode\.Metered)\.generate",
}
"""Framework -> the dotted names of its calls to a model (or to an agent that calls one)."""

BOUNDED_CALLS = r"dutiful\.core\.episode\.Recorder\.step"
"""Calls that end the loop around them by themselves, once a budget is spent."""

MODELS = (
    r"(langchain\w*(\.\w+)*\.(Chat\w+|\w*OpenAI|Ollama\w*|\w*Anthropic|init_chat_model|HuggingFace(Hub|Endpoint|Pipeline))"
    r"|smolagents(\.\w+)*\.\w*Model)"
)
"""Classes that are a model; what is made by them is the model of an agent."""

HOSTS = re.compile(r"/chat/completions|/v1/messages|/v1/completions|/api/(generate|chat)\b|api\.(openai|anthropic)\.com")
"""Addresses of models that are asked over plain HTTP."""

UNSUPPORTED = [
    "agno",
    "autogen",
    "autogen_agentchat",
    "autogen_core",
    "crewai",
    "crewai_tools",
    "camel",
    "dspy",
    "griptape",
    "haystack",
    "langgraph",
    "letta",
    "llama_index",
    "metagpt",
    "phi",
    "pydantic_ai",
    "agents",
    "semantic_kernel",
    "superagi",
    "google.adk",
    "google.generativeai",
    "google.genai",
    "cohere",
    "mistralai",
    "groq",
    "instructor",
    "guidance",
    "marvin",
    "swarm",
    "agency_swarm",
    "taskweaver",
    "qwen_agent",
    "modelscope_agent",
    "boto3",
    "vertexai",
]
"""Packages that drive or ask models and that the checker cannot read."""

FRAMEWORKS = ["openai", "anthropic", "langchain", "smolagents", "litellm", "ollama", "transformers", "dutiful"]

TOOL_BASES = r"(langchain\w*(\.\w+)*\.(BaseTool|StructuredTool|Tool)|smolagents(\.\w+)*\.Tool|dutiful\.core\.world\.Tool|(\w+\.)*(Base)?Tool)"  # noqa: E501
TOOL_MAKERS = r"langchain\w*(\.\w+)*\.(Tool|StructuredTool)(\.from_function)?"
TOOL_DECORATORS = r"((langchain\w*|smolagents)(\.\w+)*\.)?(\w+\.)*(function_)?tool"
TOOL_METHODS = ("_run", "run", "forward", "execute", "__call__", "call", "use", "invoke", "_arun")

_PASSES = {
    "bind",
    "bind_tools",
    "with_retry",
    "with_config",
    "with_options",
    "with_fallbacks",
    "with_structured_output",
    "configurable_fields",
}


def passes_on(method: str) -> bool:
    """Whether a method gives back the model that it is called on."""
    return method in _PASSES


def external_attributes(owner: str, name: str) -> set[str]:
    """The types of attributes of classes that are not in the project."""
    if re.fullmatch(r"dutiful\.core\.agent\.\w+", owner):
        known = {
            "model": "dutiful.core.model.Model",
            "agent": "dutiful.core.agent.Agent",
            "episode": "dutiful.core.episode.Recorder",
        }
        return {known[name]} if name in known else set()
    return set()


def framework_of(callee: str) -> str:
    """The framework whose model call a dotted name is, "" for none."""
    return next((name for name, pattern in MODEL_CALLS.items() if re.fullmatch(pattern, callee)), "")


PURPOSES: tuple[tuple[str, str], ...] = (
    ("an embedding model", r"embed|(^|/)(bge|e5|gte)-|all-minilm|all-mpnet|sentence-t5|instructor-(xl|large|base)|voyage-\d"),
    ("a reranker", r"rerank|cross-encoder"),
    ("a moderation model", r"moderation|llama-guard|shieldgemma"),
    ("a speech model", r"whisper|(^|-)tts(-|$)|speecht5|wav2vec|(^|/)bark"),
    ("an image model", r"dall-e|gpt-image|stable-diffusion|sdxl|flux\.1|(^|/)clip-"),
    ("a code completion model", r"code-(davinci|cushman)|starcoder(?!.*(chat|instruct))|santacoder|codegen\d?-|incoder|replit-code|codellama-\d+b(-python)?(-hf)?$|"  # noqa: E501
     r"code-?gemma-\d+b$|deepseek-coder-[\d.]+b-base|codestral-fill"),
    ("a completion model without chat", r"gpt-3\.5-turbo-instruct|text-(davinci|curie|babbage|ada)|(^|/)(davinci|babbage|curie|ada)(-00\d)?$"),  # noqa: E501
    ("a base model without instruction tuning", r"(^|/)(distil)?gpt2|gpt-(neo|j)|(^|/)opt-\d|pythia-|bloom(-\d|$)|(^|/)llama-2-\d+b(-hf)?$|"  # noqa: E501
     r"meta-llama-3(\.\d)?-\d+b$|llama-3\.\d-\d+b$|mistral-7b-v0\.\d$|(^|/)phi-1(_5)?$|falcon-\d+b$|(^|/)gemma-\d+b$|qwen2(\.5)?-[\d.]+b$"),
    ("an encoder or a translation model", r"(^|/)(distil|ro|de|al)?bert(a)?-|(^|/)t5-(small|base|large|3b|11b)|flan-t5|opus-mt|marian|(^|/)bart-|pegasus|nllb"),  # noqa: E501
)  # fmt: skip
"""What names of models tell about their purpose. A name that fits none is not judged."""


def purpose(model: str) -> str:
    """Why a model is not one to drive an agent with, by its name; "" where nothing is known against it."""
    name = model.strip().lower()
    return next((why for why, pattern in PURPOSES if re.search(pattern, name)), "")


class Signature(NamedTuple):
    """What a call takes. `ranges`: (least, most) of numbers; `whole`: parameters that must be integers."""

    required: frozenset[str]
    allowed: frozenset[str]
    ranges: dict[str, tuple[float, float]]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIG = float(1 << 31)
_OPENAI = Signature(
    _names("model messages"),
    _names(
        "model messages audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata "  # noqa: E501
        "modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key reasoning_effort response_format "
        "safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user "  # noqa: E501
        "verbosity web_search_options extra_headers extra_query extra_body timeout"
    ),
    {"temperature": (0, 2), "top_p": (0, 1), "n": (1, 128), "max_tokens": (1, BIG), "max_completion_tokens": (1, BIG),
     "presence_penalty": (-2, 2), "frequency_penalty": (-2, 2), "top_logprobs": (0, 20)},
)  # fmt: skip
_ANTHROPIC = Signature(
    _names("model messages max_tokens"),
    _names(
        "model messages max_tokens container context_management mcp_servers metadata output_config output_format service_tier "
        "stop_sequences stream system temperature thinking tool_choice tools top_k top_p betas extra_headers extra_query extra_body "  # noqa: E501
        "timeout"
    ),
    {"temperature": (0, 1), "top_p": (0, 1), "max_tokens": (1, BIG), "top_k": (0, BIG)},
)
SIGNATURES: tuple[tuple[str, Signature], ...] = (
    (r"openai\.\w*OpenAI\.chat\.completions\.(create|parse)|openai\.chat\.completions\.create", _OPENAI),
    (r"anthropic\.\w*Anthropic\w*\.messages\.(create|stream)", _ANTHROPIC),
)
"""The two clients whose parameters are known in full."""

RANGES: tuple[tuple[str, dict[str, tuple[float, float]]], ...] = (
    (r"langchain\w*(\.\w+)*\.Chat(Anthropic|Bedrock)\w*", {"temperature": (0, 1), "max_tokens": (1, BIG), "top_p": (0, 1)}),
    (
        r"langchain\w*(\.\w+)*\.(Chat\w+|\w*OpenAI)",
        {"temperature": (0, 2), "max_tokens": (1, BIG), "top_p": (0, 1), "n": (1, 128)},
    ),
    (
        r"smolagents(\.\w+)*\.\w*Model",
        {"temperature": (0, 2), "max_tokens": (1, BIG), "max_new_tokens": (1, BIG), "top_p": (0, 1)},
    ),
)
"""Numbers that constructors of models in the frameworks take; their other parameters are open."""

CONSTRUCTED: tuple[tuple[str, frozenset[str]], ...] = (
    (r"smolagents(\.\w+)*\.(OpenAIServerModel|OpenAIModel|AzureOpenAIServerModel)", _names("model_id")),
    (r"langchain\w*(\.\w+)*\.(ChatAnthropic|ChatOllama)", _names("model model_name")),
)
"""Constructors that must be told the model, by one of these names (or first)."""
ROLES = _names("system user assistant tool function developer")
