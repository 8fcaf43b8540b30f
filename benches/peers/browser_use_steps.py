"""browser-use at the bench's work, with a model that answers at once: for each name on standard input it takes one step that
clicks that element, and prints how many milliseconds that took. Ends at the end of its input."""

import asyncio
import logging
import os
import re
import sys
import time

os.environ["ANONYMIZED_TELEMETRY"] = "false"
os.environ["BROWSER_USE_LOGGING_LEVEL"] = "result"
os.environ["BROWSER_USE_SETUP_LOGGING"] = "false"

from browser_use import Agent, BrowserProfile, BrowserSession
from browser_use.llm.views import ChatInvokeCompletion

logging.disable(logging.CRITICAL)
url, browser = sys.argv[1:]


class AtOnce:
    """Clicks the element whose text is wanted, found in the list of elements that it is sent."""

    _verified_api_keys = True
    model = name = model_name = provider = "at-once"
    wanted = ""

    async def ainvoke(self, messages, output_format=None, **_):
        parts = messages[-1].content
        text = parts if isinstance(parts, str) else "\n".join(getattr(part, "text", "") for part in parts)
        lines = text.splitlines()
        index = None
        for number, line in enumerate(lines):
            if line.strip() == self.wanted or line.rstrip().endswith(f">{self.wanted}"):
                above = "\n".join(lines[: number + 1])
                index = int(re.findall(r"\[(\d+)\]<", above)[-1])
                break
        if index is None:
            raise RuntimeError(f"{self.wanted!r} is not in the list that browser-use sent")
        answer = {"thinking": "", "evaluation_previous_goal": "", "memory": "", "next_goal": "", "action": [{"click": {"index": index}}]}
        return ChatInvokeCompletion(completion=output_format.model_validate(answer), usage=None)


async def main():
    profile = BrowserProfile(executable_path=browser, headless=True, chromium_sandbox=False, viewport={"width": 1280, "height": 800}, enable_default_extensions=False)
    session = BrowserSession(browser_profile=profile)
    await session.start()
    await session.navigate_to(url)
    model = AtOnce()
    agent = Agent(task="Click what is wanted.", llm=model, browser_session=session, use_vision=True, use_judge=False)
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        model.wanted = line.strip()
        begun = time.perf_counter()
        await agent.step()
        took = (time.perf_counter() - begun) * 1000
        error = agent.state.last_result and agent.state.last_result[-1].error
        print(f"failed: {error}" if error else took, flush=True)
    await session.kill()


asyncio.run(main())
