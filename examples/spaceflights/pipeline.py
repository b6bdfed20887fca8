import nodes

from bench.pipeline import File, Pipeline, Settings

FEATURES = [
    "engines",
    "passenger_capacity",
    "crew",
    "d_check_complete",
    "moon_clearance_complete",
    "iata_approved",
]


def pipeline() -> Pipeline:
    flow = Pipeline("spaceflights")
    companies = flow.parameter("companies", File, default="companies.csv")
    shuttles = flow.parameter("shuttles", File, default="shuttles.csv")
    reviews = flow.parameter("reviews", File, default="reviews.csv")
    features = flow.parameter("features", list, default=FEATURES)
    results = flow.parameter("results", File)
    preprocessed_companies = flow.stage(
        nodes.preprocess_companies, Settings(output="preprocessed_companies"), companies=companies
    )
    preprocessed_shuttles = flow.stage(
        nodes.preprocess_shuttles, Settings(output="preprocessed_shuttles"), shuttles=shuttles
    )
    table = flow.stage(
        nodes.create_model_input_table,
        Settings(output="model_input_table"),
        shuttles=preprocessed_shuttles,
        companies=preprocessed_companies,
        reviews=reviews,
    )
    X_train, X_test, y_train, y_test = flow.stage(
        nodes.split_data, model_input_table=table, features=features, test_size=0.2, random_state=3
    )
    regressor = flow.stage(
        nodes.train_model, Settings(output="regressor"), X_train=X_train, y_train=y_train
    )
    flow.stage(
        nodes.evaluate_model,
        Settings(output="metrics"),
        regressor=regressor,
        X_test=X_test,
        y_test=y_test,
        results=results,
    )
    return flow
