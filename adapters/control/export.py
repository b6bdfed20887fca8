"""What is plain Python's own of a launchpad."""

from bench.contract.launchpad import BUILD, PUSH, SAVE, Launchpad, Setting, Step, Workflows, listed

__all__ = ["launchpad"]


def launchpad(flows: Workflows) -> Launchpad:
    """Return how the workflows run without a tool."""
    return Launchpad(
        flows=flows,
        layout=(
            ("src/workflows.py", "the workflows: each stage alone, and `full`"),
            ("src/tasks/", "the stages: what is computed"),
        ),
        stages=listed(f"src/tasks/{name}.py" for name in flows.modules),
        local=Step(
            "execute",
            "Run the workflow in one process.",
            '.venv/bin/python src/workflows.py "$workflow" "$@"',
            files=("src",),
        ),
        package=SAVE,
        remote=(
            BUILD,
            PUSH,
            Step(
                "execute",
                "Run the workflow in that image, on another machine's Docker.",
                '"$DOCKER" --host "$ENDPOINT" run --rm --pull always --env "AWS_DEFAULT_REGION=$REGION"'
                ' --volume "$DATA_VOLUME:/project/data" "$IMAGE" python src/workflows.py "$workflow" "$@"',
                servers=("ENDPOINT", "REGISTRY"),
                images=("IMAGE",),
            ),
        ),
        settings=(
            Setting("ENDPOINT", "ssh://runner.example.com", "Docker engine that runs the image."),
            Setting("DATA_VOLUME", f"{flows.project}-data", "Docker volume there that keeps the data."),
        ),
        kept=(
            "A single workflow reads what the ones before it saved in `data/`, and saves what it makes there. "
            "`full` hands its data on in memory and leaves only its results."
        ),
        parameters=f"`{flows.called()}`.",
        remotely="What is deployed is the image. A new volume begins with the raw data of the image.",
        remote_data="",
        unregistered="there is no server with which a version is registered",
    )
