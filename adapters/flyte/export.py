"""What is Flyte's own of a launchpad."""

from bench.contract.launchpad import BUILD, PUSH, Launchpad, Setting, Step, Workflows, listed

__all__ = ["launchpad"]

PYFLYTE = 'env FLYTE_PLATFORM_URL="$ENDPOINT" FLYTE_PLATFORM_INSECURE="$INSECURE" .venv/bin/pyflyte'


def launchpad(flows: Workflows) -> Launchpad:
    """Return how Flyte runs, packages and registers; see the guides named in the README text."""
    where = '--project "$PROJECT" --domain "$DOMAIN" --service-account "$SERVICE_ACCOUNT"'
    return Launchpad(
        flows=flows,
        layout=(
            ("src/workflows.py", "the workflows: each stage alone, and `full`"),
            ("src/tasks/", "the tasks: what is computed"),
        ),
        stages=listed(f"src/tasks/{name}.py" for name in flows.modules),
        local=Step(
            "execute",
            "Run the workflow in one process.",
            '.venv/bin/pyflyte run src/workflows.py "$workflow" "$@"',
            files=("src",),
        ),
        package=Step(
            "package",
            "Serialise all tasks and workflows to `build/package.tgz`, without a server.",
            ".venv/bin/pyflyte --pkgs workflows --pkgs tasks package --source src"
            ' --image "$IMAGE" --output build/package.tgz --force',
            files=("src",),
        ),
        remote=(
            BUILD,
            PUSH,
            Step(
                "register",
                "Register this version of the tasks and workflows, to run in that image.",
                f'{PYFLYTE} register {where} --image "$IMAGE" --version "$VERSION" --copy none'
                ' --env "AWS_DEFAULT_REGION=$REGION" src',
                files=("src",),
                servers=("ENDPOINT",),
                images=("IMAGE",),
            ),
            Step(
                "execute",
                "Execute that version, and wait for its end.",
                f"{PYFLYTE} run --remote {where} --wait"
                ' remote-workflow "workflows.$workflow:$VERSION" "$@"',
                servers=("ENDPOINT",),
            ),
        ),
        settings=(
            Setting("ENDPOINT", "flyte.example.com", "Address of flyteadmin, without a scheme."),
            Setting("INSECURE", "false", "Whether that address is without TLS, as a sandbox is."),
            Setting("PROJECT", "flytesnacks", "Project in Flyte; it has to exist."),
            Setting("DOMAIN", "development", "Domain of the project."),
            Setting("SERVICE_ACCOUNT", "default", "Kubernetes service account: the role of the tasks."),
        ),
        kept=(
            "A single workflow reads what the ones before it saved in `data/`, and saves what it makes there. "
            "`full` hands its data from task to task by Flyte itself and leaves only its results."
        ),
        parameters=f"`{flows.called()}`: as `pyflyte run` takes them.",
        remotely=(
            "The code is in the image, so nothing is uploaded when it is registered (`--copy none`). "
            "See [registering](https://docs-legacy.flyte.org/en/latest/user_guide/flyte_fundamentals/"
            "registering_workflows.html)."
        ),
        body="{}.task_function",
        outside=(
            "Each local run leaves folders `flyte*` with its data in the folder for temporary files; they can be "
            "deleted when it has ended."
        ),
    )
