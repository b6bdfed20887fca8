"""What is Prefect's own of a launchpad."""

from bench.contract.launchpad import BUILD, PUSH, SAVE, Launchpad, Setting, Step, Workflows, listed

__all__ = ["launchpad"]

PREFECT = ".venv/bin/prefect --no-prompt"
SERVER = 'PREFECT_API_URL="$ENDPOINT"'
DEPLOYMENT = (
    f'env {SERVER} VERSION="$VERSION" IMAGE="$IMAGE" WORK_POOL="$WORK_POOL" NAMESPACE="$NAMESPACE"'
    ' SERVICE_ACCOUNT="$SERVICE_ACCOUNT" REGION="$REGION"'
)


def launchpad(flows: Workflows) -> Launchpad:
    """Return how Prefect runs and deploys; see the guides named in the README text."""
    return Launchpad(
        flows=flows,
        layout=(
            ("src/workflows.py", "the flows: each stage alone, and `full`"),
            ("src/tasks/", "the tasks: what is computed"),
            ("prefect.yaml", "the deployments, one for each flow"),
        ),
        stages=listed(f"src/tasks/{name}.py" for name in flows.modules),
        local=Step(
            "execute",
            "Run the flow; without a server, Prefect starts one for the time of the run.",
            '.venv/bin/python src/workflows.py "$workflow" "$@"',
            files=("src",),
        ),
        package=SAVE,
        remote=(
            BUILD,
            PUSH,
            Step(
                "register",
                "Update the deployment to the new image.",
                f'{DEPLOYMENT} {PREFECT} deploy --prefect-file prefect.yaml --name "$workflow/{flows.project}"',
                files=("prefect.yaml", "src"),
                servers=("ENDPOINT",),
                images=("IMAGE",),
            ),
            Step(
                "execute",
                "Start a run of the deployment, and wait for its end.",
                f'{DEPLOYMENT} {PREFECT} deployment run "$workflow/{flows.project}" --watch "$@"',
                servers=("ENDPOINT",),
            ),
        ),
        settings=(
            Setting("ENDPOINT", "https://prefect.example.com/api", "Address of the Prefect server's API."),
            Setting(
                "WORK_POOL",
                "kubernetes",
                "Work pool of type kubernetes; it has to exist and have a worker.",
            ),
            Setting("NAMESPACE", "default", "Kubernetes namespace of the runs."),
            Setting("SERVICE_ACCOUNT", "default", "Kubernetes service account: the role of the runs."),
            Setting(
                "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS",
                "120",
                "How long a local run waits for the server that it starts; 20 s are too few on a busy machine.",
            ),
            Setting(
                "PREFECT_SERVER_ANALYTICS_ENABLED", "false", "Keeps that server from sending usage data."
            ),
        ),
        kept=(
            "A single flow reads what the ones before it saved in `data/`, and saves what it makes there. "
            "`full` hands its data from task to task in memory and leaves only its results."
        ),
        parameters=(
            f"`{flows.called()}` here, and "
            f"`{flows.called('--param {name}={value}', remote=True)}` there, as `prefect deployment run` takes them."
        ),
        remotely=(
            "Prefect has no artefact of its own: what is deployed is the image, and `make package` saves it. "
            "See [deploying](https://docs.prefect.io/v3/how-to-guides/deployments/prefect-yaml)."
        ),
        sources=("src", "prefect.yaml"),
        remote_data='--param "data=$REMOTE_DATA"',
        body="{}.fn",
        outside=(
            "Prefect keeps its settings and the history of local runs in `~/.prefect`, or where `PREFECT_HOME` "
            "says."
        ),
    )
