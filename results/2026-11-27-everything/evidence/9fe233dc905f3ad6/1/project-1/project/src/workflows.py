"""The workflow branches."""

import functools

from flytekit import map_task, workflow

from tasks import stages


@workflow
def branches(results: str, nonce: str = "000000000000") -> None:
    loaded = stages.load(nonce=nonce)
    parts = stages.split(loaded=loaded)
    cleaned = stages.clean(loaded=loaded)
    score = functools.partial(stages.score, cleaned=cleaned)
    scores = map_task(score)(part=parts)
    fitted = stages.fit(cleaned=cleaned)
    joined = stages.join(scores=scores, fitted=fitted)
    stages.publish(joined=joined, results=results)
