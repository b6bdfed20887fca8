"""What is Kedro's own of a launchpad."""

from bench.contract.launchpad import BUILD, PUSH, Launchpad, Setting, Step, Workflows, listed

from .layout import Layout

__all__ = ["launchpad"]


def launchpad(flows: Workflows, layout: Layout, pyproject: str) -> Launchpad:
    """Return how Kedro runs and packages; see the guides named in the README text."""
    return Launchpad(
        flows=flows,
        layout=(
            (f"{layout.pipeline_folder}/", "the pipeline `full`, and its nodes: what is computed"),
            (f"{layout.source}/pipeline_registry.py", "the pipelines by name: each stage alone is one too"),
            ("conf/base/catalog.yml", "the data that nodes leave for each other"),
            ("conf/base/parameters.yml", "the parameters"),
            ("conf/local/", "what is only yours, as credentials: neither in git nor in the image"),
        ),
        stages=listed(layout.file(name) for name in flows.modules),
        local=Step(
            "execute",
            "Run the registered pipeline.",
            '.venv/bin/kedro run --pipeline "$workflow" "$@"',
            files=("src", "conf", "pyproject.toml"),
        ),
        package=Step(
            "package",
            "Build a wheel of the code and an archive of the configuration in `dist/`; this asks the package index.",
            ".venv/bin/kedro package",
            files=("src", "conf", "pyproject.toml"),
        ),
        remote=(
            BUILD,
            PUSH,
            Step(
                "execute",
                "Run the pipeline in that image, on another machine's Docker.",
                '"$DOCKER" --host "$ENDPOINT" run --rm --pull always --env "AWS_DEFAULT_REGION=$REGION"'
                ' --env "DO_NOT_TRACK=$DO_NOT_TRACK" --volume "$DATA_VOLUME:/project/data"'
                ' "$IMAGE" kedro run --pipeline "$workflow" "$@"',
                servers=("ENDPOINT", "REGISTRY"),
                images=("IMAGE",),
            ),
        ),
        settings=(
            Setting("ENDPOINT", "ssh://runner.example.com", "Docker engine that runs the image."),
            Setting("DATA_VOLUME", f"{flows.project}-data", "Docker volume there that keeps the data."),
            Setting("DO_NOT_TRACK", "1", "Keeps plugins of Kedro from sending usage data."),
        ),
        kept=(
            "Each output has an entry in the catalog and so is kept in `data/`: a single pipeline starts from "
            "what the ones before it, or `full`, left there."
        ),
        parameters=(
            f"`{flows.called('--params {name}={value}')}`: as `kedro run` takes them. It does not refuse a "
            "name that is not in `conf/base/parameters.yml`."
        ),
        remotely=(
            "Kedro has no server: what is deployed is the image, and a run of it is `kedro run` in a container. "
            "A new volume begins with the raw data of the image. For Airflow, Kubernetes, AWS Batch and others "
            "see [deploying](https://docs.kedro.org/en/stable/deploy/)."
        ),
        sources=("src", "conf", "pyproject.toml"),
        remote_data="",
        unregistered="Kedro has no server with which a version is registered",
        tasks={name: (layout.import_line(name), layout.import_name(name)) for name in flows.full.modules},
        pyproject=pyproject,
        ignored=("conf/local/*", "!conf/local/.gitkeep", ".viz/"),
    )
