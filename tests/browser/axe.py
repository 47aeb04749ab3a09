"""axe-core looks at a page, as tests/clients locks it. It is put in from outside: no policy is loosened."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

SCRIPT = Path(__file__).parents[1] / "clients" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
# What is still fading in has not the colours yet that it is read in; what turns for ever is not waited for.
RUN = """async () => {
  const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime);
  const fading = () => document.getAnimations().filter(ends);
  for (let found = fading(); found.some((one) => one.playState === 'running'); found = fading())
    await Promise.allSettled(found.map((one) => one.finished));
  return (await globalThis.axe.run(document, { resultTypes: ['violations'] })).violations;
}"""


async def faults_of(page: Page) -> list[str]:
    """What is serious, in words: the rule, and where it is broken."""
    await page.evaluate(SCRIPT.read_text("utf-8") + "; undefined")
    found: list[dict[str, Any]] = await page.evaluate(RUN)
    return [
        f"{fault['id']} ({fault['help']}): {node['html'][:200]} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]
