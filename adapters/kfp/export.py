"""What is KFP's own of a launchpad."""

from bench.contract.launchpad import BUILD, PUSH, Launchpad, Setting, Step, Workflows, listed

__all__ = ["launchpad"]

PACKAGE = Step(
    "package",
    "Compile the pipeline to a file in `build/`, its components to run in that image.",
    'env IMAGE="$IMAGE" .venv/bin/kfp dsl compile --py src/workflows.py --function "$workflow"'
    ' --output "build/$workflow.yaml"',
    files=("src",),
    images=("IMAGE",),
)


REMOTE = (
    'env ENDPOINT="$ENDPOINT" NAMESPACE="$NAMESPACE" PROJECT="$PROJECT" VERSION="$VERSION"'
    ' SERVICE_ACCOUNT="$SERVICE_ACCOUNT" .venv/bin/python src/run_remote.py'
)


def launchpad(flows: Workflows) -> Launchpad:
    """Return how KFP runs, compiles and uploads; see the guides named in the README text."""
    return Launchpad(
        flows=flows,
        layout=(
            ("src/workflows.py", "the pipelines: each stage alone, and `full`"),
            ("src/tasks/components.py", "the components: what is computed"),
            ("src/run_local.py", "runs a pipeline on this machine"),
            ("src/run_remote.py", "uploads a compiled pipeline to a server, and runs it there"),
        ),
        stages=listed(["src/tasks/components.py"]),
        local=Step(
            "execute",
            "Run the pipeline, each component in a process of its own.",
            '.venv/bin/python src/run_local.py "$workflow" "$@"',
            files=("src",),
        ),
        package=PACKAGE,
        remote=(
            BUILD,
            PUSH,
            PACKAGE,
            Step(
                "register",
                "Upload the compiled pipeline as a new version.",
                f'{REMOTE} register "$workflow"',
                files=("build", "src"),
                servers=("ENDPOINT",),
            ),
            Step(
                "execute",
                "Run the compiled pipeline on the server, and wait for its end.",
                f'{REMOTE} execute "$workflow" "$@"',
                files=("build", "src"),
                servers=("ENDPOINT",),
            ),
        ),
        settings=(
            Setting("ENDPOINT", "https://kubeflow.example.com/pipeline", "Address of the KFP server."),
            Setting(
                "PROJECT", flows.project, "Experiment of the runs, and first part of pipelines' names."
            ),
            Setting("NAMESPACE", "kubeflow", "Kubernetes namespace of the runs."),
            Setting("SERVICE_ACCOUNT", "", "Kubernetes service account: the role of the components."),
        ),
        kept=(
            "A single pipeline reads what the ones before it saved in `data/`, and saves what it makes there. "
            "`full` hands its data on as artifacts, which a local run keeps in `local_outputs/`."
        ),
        parameters=f"`{flows.called()}`, here and remotely.",
        remotely=(
            "A component is sent with its own source and runs in the image, which holds what it imports. "
            "See [running a pipeline](https://www.kubeflow.org/docs/components/pipelines/user-guides/"
            "core-functions/run-a-pipeline/)."
        ),
        body=None,
        ignored=("local_outputs/",),
        outside=(
            "A local run leaves a folder `tmp.*` with the source of each component in the folder for temporary "
            "files; they can be deleted when it has ended."
        ),
    )
