"""Checks the functions of many AWS accounts with lint-lambda under Apache Spark.

    lint_accounts.py DUMP [--partitions N] [--findings FOLDER]

DUMP is a folder, file or pattern of JSON Lines with a function on each line. Exit status: 0 no errors, 1 errors,
2 a part of the dump was not checked.
"""

import argparse
import json
import os
import sys

from pyspark.sql import SparkSession

# The map step: JSON Lines in, JSON Lines out, one process for each partition. Findings are not failures of the job.
LINT = "lint-lambda --lines --format jsonl --fail-on never -"
# Partitions can be empty.
EMPTY = "there are no records to check"


def counts(line):
    """What a line of the output adds to the result, as pairs of a kind and name, and a count."""
    told = json.loads(line)
    kind = told["type"]
    if kind == "finding":
        return [((told["severity"], told["rule"]), 1)]
    if kind == "summary":
        return [(("summary", name), told[name]) for name in ("records", "functions", "undecided")] + [
            (("summary", "partitions"), 1)
        ]
    if kind == "problem":
        return [(("problem", told["message"]), 1)] if told["message"] != EMPTY else []
    return []


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("dump")
    arguments.add_argument("--partitions", type=int, default=0, help="at least so many partitions")
    arguments.add_argument("--findings", help="write all lines of the output to this new folder")
    options = arguments.parse_args()

    spark = SparkSession.builder.appName("lint-lambda").getOrCreate()
    context = spark.sparkContext
    records = context.textFile(options.dump, options.partitions or None)
    expected = spark.read.text(options.dump).where("trim(value) != ''").count()
    lines = records.pipe(LINT, {"PATH": os.environ.get("PATH", os.defpath)}).cache()
    if options.findings:
        lines.saveAsTextFile(options.findings)
    result = dict(lines.flatMap(counts).reduceByKey(lambda one, other: one + other).collect())
    pieces = records.getNumPartitions()
    spark.stop()

    for (kind, name), count in sorted(result.items(), key=lambda item: (item[0][0], -item[1], item[0][1])):
        if kind != "summary":
            print(f"{count:>9}  {kind:<8} {name}")
    summary = {name: count for (kind, name), count in result.items() if kind == "summary"}
    print(f"{summary.get('functions', 0)} functions in {summary.get('records', 0)} records, {pieces} partitions")

    # A process that was killed has not written its summary.
    is_whole = summary.get("partitions") == pieces and summary.get("records") == expected
    if not is_whole:
        print(f"problem: {expected} records were to be checked", file=sys.stderr)
    if not is_whole or any(kind == "problem" for kind, _ in result):
        return 2
    return int(any(kind == "error" for kind, _ in result))


if __name__ == "__main__":
    sys.exit(main())
