"""What is Metaflow's own of a launchpad."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.contract.launchpad import (
    BUILD,
    FULL,
    PUSH,
    Launchpad,
    Setting,
    Step,
    Workflows,
    annotated,
    listed,
)
from bench.pipeline import Pipeline

from .names import FlowNames

__all__ = ["Loading", "launchpad", "loading"]

FLOW = '"src/${workflow}_flow.py"'
REMOTE = (
    'env METAFLOW_DATASTORE_SYSROOT_S3="$DATASTORE" METAFLOW_SERVICE_URL="$ENDPOINT"'
    ' METAFLOW_KUBERNETES_NAMESPACE="$NAMESPACE" METAFLOW_KUBERNETES_SERVICE_ACCOUNT="$SERVICE_ACCOUNT"'
    ' METAFLOW_KUBERNETES_CONTAINER_IMAGE="$IMAGE" METAFLOW_BATCH_CONTAINER_IMAGE="$IMAGE"'
    ' METAFLOW_SFN_IAM_ROLE="$ROLE" METAFLOW_BATCH_JOB_QUEUE="$JOB_QUEUE" AWS_DEFAULT_REGION="$REGION"'
    f" .venv/bin/python {FLOW} --datastore=s3 --metadata=service"
)


@dataclass(frozen=True)
class Loading:
    """Import lines, and a function for each artifact, of the module that loads from earlier runs."""

    imports: list[str]
    functions: list[str]


def loading(whole: Pipeline, flow_class: Callable[[Pipeline], str]) -> Loading:
    """Return how single flows get what a stage made: by the Client API, from its own flow or the whole."""
    names = FlowNames(whole)
    imports: set[str] = set()
    functions = []
    for stage, output, hint in annotated(whole):
        imports |= hint.imports
        flows = [flow_class(Pipeline(name)) for name in (stage.name, FULL)]
        given = ", ".join(f'"{one}"' for one in (names[output.name], *flows))
        functions.append(
            f'def load_{output.name}() -> {hint.text}:\n    """Return what {stage.name} made."""\n'
            f"    return newest({given})"
        )
    return Loading(sorted(imports), functions)


def launchpad(flows: Workflows) -> Launchpad:
    """Return how Metaflow runs and deploys; see the guides named in the README text."""
    return Launchpad(
        flows=flows,
        layout=(
            ("src/NAME_flow.py", "the flows: one for each stage alone, and `full_flow.py`"),
            *((f"src/{name}.py", "the stages: what is computed") for name in flows.modules),
            ("src/past_runs.py", "how a flow loads what an earlier run made"),
        ),
        stages=listed(f"src/{name}.py" for name in flows.modules),
        local=Step(
            "execute",
            "Run the flow, each step in a process of its own.",
            f'.venv/bin/python {FLOW} run "$@"',
            files=("src",),
        ),
        package=Step(
            "package",
            "Write what the scheduler would get to `build/`; the code goes to the datastore, which has to be there.",
            f'{REMOTE} "$SCHEDULER" create --only-json',
            output='"build/$workflow.json"',
            files=("src",),
            servers=("DATASTORE", "ENDPOINT"),
        ),
        remote=(
            BUILD,
            PUSH,
            Step(
                "register",
                "Deploy the flow, to run in that image; its code goes to the datastore.",
                f'{REMOTE} "$SCHEDULER" create',
                files=("src",),
                servers=("DATASTORE", "ENDPOINT", "SCHEDULER"),
                images=("IMAGE",),
            ),
            Step(
                "execute",
                "Trigger a run of the deployed flow.",
                f'{REMOTE} "$SCHEDULER" trigger "$@"',
                servers=("ENDPOINT", "SCHEDULER"),
            ),
        ),
        settings=(
            Setting("ENDPOINT", "https://metaflow.example.com", "Address of the metadata service."),
            Setting("DATASTORE", "s3://metaflow.example.com/metaflow", "Folder in S3 for code and data."),
            Setting(
                "SCHEDULER", "argo-workflows", "What runs it: argo-workflows, or step-functions (AWS)."
            ),
            Setting("NAMESPACE", "default", "Kubernetes namespace of the runs."),
            Setting("SERVICE_ACCOUNT", "default", "Kubernetes service account: the role of the tasks."),
            Setting("ROLE", "", "IAM role of the state machine; for step-functions only."),
            Setting("JOB_QUEUE", "", "Job queue of AWS Batch; for step-functions only."),
            Setting(
                "METAFLOW_USER",
                "developer",
                "Under whose name runs are kept; Metaflow refuses root, so it is set here.",
            ),
        ),
        kept=(
            "A single flow loads what it needs from the newest successful run that made it, be it that of a "
            "single flow or of `full`, by Metaflow's Client API (`src/past_runs.py`); runs of colleagues in the "
            "same datastore count too. Locally all runs are kept in `.metaflow/`."
        ),
        parameters=f"`{flows.called()}`: as `flow.py run` and `trigger` take them.",
        remotely=(
            "The image holds the environment; the code goes to the datastore when the flow is deployed. To run "
            "once without deploying, with the steps on the cluster, take the last line of the dry run and end it with "
            "`run --with kubernetes` in place of `argo-workflows trigger`. See [deploying]"
            "(https://docs.metaflow.org/production/scheduling-metaflow-flows/introduction)."
        ),
        remote_data="",
        tasks={name: (f"import {name}", name) for name in flows.full.modules},
        ignored=(".metaflow/",),
        outside=(
            "What single flows load of earlier runs is cached in `/tmp/metaflow_client`; it can be deleted."
        ),
    )
