import houses

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("house_prices")
    count = flow.parameter("count", int, default=300)
    results = flow.parameter("results", File)
    regions = flow.stage(houses.list_regions, Settings(output="regions"))
    tables = flow.map(houses.generate, regions, Settings(output="tables"), houses=count)
    models = flow.map(houses.fit, tables, Settings(output="models"), seed=5)
    errors = flow.stage(houses.predict, Settings(output="errors"), tables=tables, models=models, seed=5)
    flow.stage(houses.report, errors=errors, results=results)
    return flow
