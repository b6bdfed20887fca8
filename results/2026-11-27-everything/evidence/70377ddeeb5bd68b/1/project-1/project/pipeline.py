"""The pipeline values: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="values")
def values(results: str, items: str = "items.csv", label: str = "red") -> None:
    make_table_task = components.make_table(items=items)
    make_table_task.set_caching_options(enable_caching=False)
    make_document_task = components.make_document(label=label)
    make_document_task.set_caching_options(enable_caching=False)
    describe_task = components.describe(table_dataset=make_table_task.output)
    spell_task = components.spell(document=make_document_task.output)
    show_values_task = components.show_values(
        described=describe_task.output, spelled=spell_task.output, results=results
    )
    show_values_task.set_caching_options(enable_caching=False)
