"""The 80 tools of the register in lines: name, what it looks in, what is given, what it gives, doc, how it is asked for.

get_X and find_X give one value of one record; list_X the records that fit, each with its name and the field that orders them.
"""

# ruff: noqa: E501 - a tool is a line

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dutiful.core.records import Json
from dutiful.worlds.tools.language import Body, Domain, Function, Kind, State, ToolError, domain, table
from dutiful.worlds.tools.registry.tables import build

NOUNS = {
    "company_name": "the company",
    "person_name": "the person",
    "lawyer_name": "the lawyer",
    "court_name": "the court",
    "case_number": "the case",
    "filing_number": "the filing",
    "city": "the city",
    "industry": "the industry",
    "registration_number": "the registration number",
    "tax_number": "the tax number",
}
"""The kinds that lead on to a further tool, and what one is called."""

_TEXT, _NUMBER = {"type": "string"}, {"type": "number"}
KINDS = {
    **{name: Kind(_TEXT) for name in (*NOUNS, "day", "phone", "text", "bar_number")},
    "amount": Kind(_NUMBER),
    "year": Kind({"type": "integer"}),
}

TABLES = (
    table(
        "companies",
        "company",
        "company_name",
        "",
        "company_name registration_number tax_number form:text industry seat:city origin:city capital:amount turnover:amount "
        "founded:year entered:year phone director:person_name owner:person_name secretary:person_name founder:person_name "
        "parent:company_name auditor:company_name house:lawyer_name trial:lawyer_name",
    ),
    table(
        "people",
        "person",
        "person_name",
        "",
        "person_name born:year birthplace:city home:city phone profession:text spouse:person_name heir:person_name "
        "employer:company_name former:company_name lawyer:lawyer_name",
    ),
    table(
        "cases",
        "case",
        "case_number",
        "",
        "case_number plaintiff:company_name defendant:company_name intervener:company_name judge:person_name clerk:person_name "
        "expert:person_name trial_court:court_name appeal_court:court_name plaintiff_lawyer:lawyer_name "
        "defendant_lawyer:lawyer_name filed:day decided:day claimed:amount awarded:amount subject:text outcome:text",
    ),
    table(
        "courts",
        "court",
        "court_name",
        "",
        "court_name president:person_name registrar:person_name city phone founded:year superior:court_name",
    ),
    table(
        "lawyers",
        "lawyer",
        "lawyer_name",
        "",
        "lawyer_name firm:text admitted:year city phone mentor:lawyer_name bar_number",
    ),
    table("filings", "filing", "filing_number", "", "filing_number case:case_number author:lawyer_name fee:amount filed:day"),
)

ONE = """
get_company_registration_number | companies | company_name | registration_number | The number of a company's entry. | the registration number of {}
get_company_tax_number | companies | company_name | tax_number | The number a company has with the revenue office. | the tax number of {}
get_company_legal_form | companies | company_name | form | What sort of company it is in law. | the legal form of {}
get_company_industry | companies | company_name | industry | The trade a company is in. | the industry of {}
get_company_seat | companies | company_name | seat | Where a company has its head office. | the seat of {}
get_company_place_of_foundation | companies | company_name | origin | Where a company began. | the place where {} was founded
get_company_share_capital | companies | company_name | capital | What the partners paid in. | the share capital of {}
get_company_annual_turnover | companies | company_name | turnover | What a company sold last year. | the annual turnover of {}
get_company_founding_year | companies | company_name | founded | When a company began. | the year in which {} was founded
get_company_registration_year | companies | company_name | entered | When a company was entered. | the year of the registration of {}
get_company_phone | companies | company_name | phone | Telephone of a company's office. | the phone number of {}
get_company_director | companies | company_name | director | Who manages a company. | the director of {}
get_company_owner | companies | company_name | owner | Who holds most of the shares. | the owner of {}
get_company_secretary | companies | company_name | secretary | Who keeps a company's books of minutes. | the secretary of {}
get_company_founder | companies | company_name | founder | Who set a company up. | the founder of {}
get_company_parent | companies | company_name | parent | The holding above a company. | the parent company of {}
get_company_auditor | companies | company_name | auditor | The firm that checks a company's accounts. | the auditor of {}
get_company_house_counsel | companies | company_name | house | The jurist who advises a company day by day. | the house counsel of {}
get_company_trial_counsel | companies | company_name | trial | The jurist who goes to hearings for a company. | the trial counsel of {}
find_company_by_director | companies | director | company_name | The company that someone manages. | the company whose director is {}
find_company_by_owner | companies | owner | company_name | The company most of whose shares someone holds. | the company whose owner is {}
find_company_by_secretary | companies | secretary | company_name | The company whose minutes someone keeps. | the company whose secretary is {}
find_company_by_founder | companies | founder | company_name | The company that someone set up. | the company whose founder is {}
find_company_by_registration_number | companies | registration_number | company_name | The company of an entry. | the company with {}
find_company_by_tax_number | companies | tax_number | company_name | The company of a number at the revenue office. | the company with {}
get_person_birth_year | people | person_name | born | When someone was born. | the year of birth of {}
get_person_birthplace | people | person_name | birthplace | Where someone was born. | the birthplace of {}
get_person_home_city | people | person_name | home | Where someone lives. | the home city of {}
get_person_phone | people | person_name | phone | Telephone of a private person. | the phone number of {}
get_person_profession | people | person_name | profession | What someone does for a living. | the profession of {}
get_person_spouse | people | person_name | spouse | Whom someone is married to. | the spouse of {}
get_person_heir | people | person_name | heir | Who inherits from someone. | the heir of {}
get_person_employer | people | person_name | employer | Where someone works now. | the employer of {}
get_person_former_employer | people | person_name | former | Where someone worked before. | the former employer of {}
get_person_lawyer | people | person_name | lawyer | Who acts for someone in law. | the personal lawyer of {}
get_case_plaintiff | cases | case_number | plaintiff | Who brought a suit. | the plaintiff in {}
get_case_defendant | cases | case_number | defendant | Who was sued. | the defendant in {}
get_case_intervener | cases | case_number | intervener | Who joined a suit later. | the intervener in {}
get_case_judge | cases | case_number | judge | Who presides over a suit. | the judge of {}
get_case_clerk | cases | case_number | clerk | Who keeps the record of a suit. | the clerk of {}
get_case_expert_witness | cases | case_number | expert | The specialist heard in a suit. | the expert witness in {}
get_case_trial_court | cases | case_number | trial_court | Where a suit was heard first. | the trial court of {}
get_case_appeal_court | cases | case_number | appeal_court | Where a suit was heard again. | the appeal court of {}
get_case_plaintiff_lawyer | cases | case_number | plaintiff_lawyer | Who spoke for the side that sued. | the lawyer of the plaintiff in {}
get_case_defendant_lawyer | cases | case_number | defendant_lawyer | Who spoke for the side that was sued. | the lawyer of the defendant in {}
get_case_filing_date | cases | case_number | filed | When a suit was brought. | the date on which {} was filed
get_case_decision_date | cases | case_number | decided | When a suit was settled. | the date of the decision in {}
get_case_claimed_amount | cases | case_number | claimed | How much was asked for. | the amount claimed in {}
get_case_awarded_amount | cases | case_number | awarded | How much was granted. | the amount awarded in {}
get_case_subject | cases | case_number | subject | What a suit is about. | the subject of {}
get_case_outcome | cases | case_number | outcome | How a suit ended. | the outcome of {}
get_court_president | courts | court_name | president | Who heads a court. | the president of {}
get_court_registrar | courts | court_name | registrar | Who runs the office of a court. | the registrar of {}
get_court_city | courts | court_name | city | Where a court sits. | the city of {}
get_court_phone | courts | court_name | phone | Telephone of a court's office. | the phone number of {}
get_court_founding_year | courts | court_name | founded | When a court was set up. | the year in which {} was founded
get_court_superior_court | courts | court_name | superior | The court above a court. | the superior court of {}
get_lawyer_firm | lawyers | lawyer_name | firm | The practice a jurist belongs to. | the firm of {}
get_lawyer_admission_year | lawyers | lawyer_name | admitted | Since when a jurist may plead. | the year of the admission of {}
get_lawyer_city | lawyers | lawyer_name | city | Where a jurist practises. | the city of {}
get_lawyer_phone | lawyers | lawyer_name | phone | Telephone of a jurist's office. | the phone number of {}
get_lawyer_mentor | lawyers | lawyer_name | mentor | Who trained a jurist. | the mentor of {}
get_lawyer_bar_number | lawyers | lawyer_name | bar_number | The number a jurist has with the bar. | the bar number of {}
get_filing_author | filings | filing_number | author | Who wrote a paper of a suit. | the author of {}
get_filing_court_fee | filings | filing_number | fee | What a paper of a suit cost. | the court fee of {}
"""
MANY = """
list_companies_in_city | companies | seat | capital | The companies with their head office there. | companies in {} | smallest largest
list_companies_in_industry | companies | industry | capital | The companies of a trade. | companies in {} | smallest largest
list_companies_with_parent | companies | parent | capital | The companies under a holding. | companies whose parent is {} | smallest largest
list_people_employed_by | people | employer | born | Who works for a company. | people employed by {} | oldest youngest
list_people_born_in | people | birthplace | born | Who was born there. | people born in {} | oldest youngest
list_cases_by_plaintiff | cases | plaintiff | filed | The suits that a company brought. | cases in which the plaintiff is {} | earliest latest
list_cases_by_defendant | cases | defendant | filed | The suits brought against a company. | cases in which the defendant is {} | earliest latest
list_cases_by_intervener | cases | intervener | filed | The suits that a company joined. | cases in which the intervener is {} | earliest latest
list_cases_by_judge | cases | judge | filed | The suits that someone presides over. | cases in which the judge is {} | earliest latest
list_cases_by_trial_court | cases | trial_court | filed | The suits heard first at a court. | cases whose trial court is {} | earliest latest
list_cases_by_plaintiff_lawyer | cases | plaintiff_lawyer | filed | The suits where a jurist spoke for the side that sued. | cases in which the lawyer of the plaintiff is {} | earliest latest
list_cases_by_defendant_lawyer | cases | defendant_lawyer | filed | The suits where a jurist spoke for the side sued. | cases in which the lawyer of the defendant is {} | earliest latest
list_lawyers_in_city | lawyers | city | admitted | The jurists who practise there. | lawyers in {} | longest-admitted newest
list_filings_in_case | filings | case | fee | The papers of a suit. | filings in {} | cheapest dearest
list_filings_by_author | filings | author | fee | The papers that a jurist wrote. | filings whose author is {} | cheapest dearest
"""


class Api(NamedTuple):
    """A tool as questions speak of it: `asked` with {} for what is given; `order`: the field and words for the two extremes."""

    name: str
    takes: str
    gives: str
    asked: str
    order: tuple[str, str, str] | None = None


def _one(at: str, field: str, gives: str) -> Body:
    def body(state: State, given: Json) -> Json:
        (value,) = given.values()
        found = state.find(at, **{field: value})
        if not found:
            raise ToolError(404, f"there is no {state.specs[at].noun} with {value!r}")
        return {state.specs[at].fields[gives]: found[0][gives]}

    return body


def _many(at: str, field: str, order: str) -> Body:
    def body(state: State, given: Json) -> list[Json]:
        (value,) = given.values()
        spec = state.specs[at]
        return [{spec.key: row[spec.key], spec.fields[order]: row[order]} for row in state.find(at, **{field: value})]

    return body


def _lines(text: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]


def make() -> tuple[Domain, Mapping[str, Api]]:
    """The domain, and each of its tools as questions speak of it."""
    specs = {spec.name: spec for spec in TABLES}
    functions: list[Function] = []
    apis: dict[str, Api] = {}
    for name, at, by, field, doc, asked in _lines(ONE):
        takes, gives = specs[at].fields[by], specs[at].fields[field]
        functions.append(Function(name, doc, {takes: takes}, {gives: gives}, _one(at, by, field), table=at))
        apis[name] = Api(name, takes, gives, asked)
    for name, at, by, field, doc, asked, extremes in _lines(MANY):
        takes, key, order = specs[at].fields[by], specs[at].key, specs[at].fields[field]
        body = _many(at, by, field)
        functions.append(Function(name, doc, {takes: takes}, {key: key, order: order}, body, many=True, table=at))
        low, high = extremes.split()
        apis[name] = Api(name, takes, key, asked, (order, low, high))
    made = domain("registry", KINDS, TABLES, functions, build, "", "The register is open.")
    return made, apis
