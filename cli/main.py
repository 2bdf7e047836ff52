"""The `mingbiao` command. Each sub-command stands in a module of its own and is imported only when it is called."""
import argparse
import importlib
import sys

from kernel.logs import configure

# name → module with add_parsers(sub); several commands may stand in one module
MODULES = {
    "serve": "cli.serve", "found": "cli.found", "seal": "cli.seal", "unseal": "cli.seal", "custodian": "cli.custodian",
    "witness": "cli.witness", "ledger": "cli.ledger", "draw": "cli.draw", "ocds": "cli.ocds", "verify": "cli.verify",
    "replay": "cli.replay", "rehearse": "cli.rehearse", "rooms": "cli.planning", "scripts": "cli.scripts", "stages": "cli.stages",
}
SUMMARY = {
    "serve": "run the server · 运行服务", "found": "found a centre · 初始化中心", "seal": "seal a file · 封标", "unseal": "open with a published key · 开封",
    "custodian": "a custodian's program · 保管人程序", "witness": "a ledger witness · 账本见证", "ledger": "export, check, nightly check of the ledger · 账本导出、核验与夜间核对",
    "draw": "check or export a draw · 抽取核验与导出", "ocds": "open data · 开放数据", "verify": "verify a tender's dossier · 核验项目档案",
    "replay": "replay recorded tenders · 重演历史交易", "rehearse": "play two tenders end to end · 全流程演练",
    "rooms": "plan the rooms of a day or a week · 场地编排", "scripts": "compare a server's scripts with the ledger · 核对网页脚本", "stages": "draw the procedures for the documents · 绘制流程图",
}


def main(argv: list[str] | None = None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="mingbiao", description="明标：公共资源交易与评标系统 · open trading and bid evaluation")
    sub = parser.add_subparsers(dest="command", metavar="COMMAND")
    asked = argv[0] if argv and argv[0] in MODULES else None
    if asked:
        importlib.import_module(MODULES[asked]).add_parsers(sub)
    else:
        for name, words in SUMMARY.items():
            sub.add_parser(name, help=words)
    args = parser.parse_args(argv)
    if not asked:
        parser.print_help()
        return 0 if not argv or argv[0] in ("-h", "--help") else 2
    if not hasattr(args, "run"):
        parser.parse_args([asked, "--help"])
    configure()
    return int(args.run(args) or 0)


if __name__ == "__main__":
    sys.exit(main())
