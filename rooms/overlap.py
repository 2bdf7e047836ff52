"""What makes the database itself refuse two bookings at once: one constraint, said once for both databases.

PostgreSQL: an exclusion constraint over (key, [busy_from, busy_to)). Where the extension btree_gist may not be
created, and on SQLite, triggers that carry the constraint's name do the same; SQLite has one writer, the fallback
on PostgreSQL takes a lock per key, so that neither lets two transactions pass each other.
"""
from sqlalchemy import DDL, Table, event

CLASH = "23P01"  # exclusion_violation


def forbid_overlap(table: Table, name: str, key: str, stages: tuple[str, ...]) -> None:
    """Adds the constraint `name` to `table` when it is created: rows of one `key` in `stages` never overlap."""
    event.listen(table, "after_create", DDL(postgres(table.name, name, key, stages)).execute_if(dialect="postgresql"))
    for statement in sqlite(table.name, name, key, stages):
        event.listen(table, "after_create", DDL(statement).execute_if(dialect="sqlite"))


def _listed(stages: tuple[str, ...]) -> str:
    return ", ".join(f"'{stage}'" for stage in stages)


def sqlite(table: str, name: str, key: str, stages: tuple[str, ...]) -> tuple[str, str]:
    """The triggers for inserting and for changing a row."""
    listed = _listed(stages)
    body = (
        f"for each row when new.stage in ({listed}) and exists (select 1 from {table} other where other.{key} = new.{key}"
        f" and other.id <> new.id and other.stage in ({listed}) and other.busy_from < new.busy_to and new.busy_from < other.busy_to)"
        f" begin select raise(abort, '{name}'); end"
    )
    return f"create trigger {name} before insert on {table} {body}", f"create trigger {name}_update before update on {table} {body}"


def exclusion(table: str, name: str, key: str, stages: tuple[str, ...]) -> str:
    return (
        f"alter table {table} add constraint {name} exclude using gist"
        f" ({key} with =, int8range(busy_from, busy_to) with &&) where (stage in ({_listed(stages)}))"
    )


def fallback(table: str, name: str, key: str, stages: tuple[str, ...]) -> str:
    """PostgreSQL without btree_gist: a trigger that locks the key before it looks."""
    listed = _listed(stages)
    return f"""
create function {name}() returns trigger language plpgsql as $body$
begin
  if new.stage in ({listed}) then
    perform pg_advisory_xact_lock(hashtext('{name}'), hashtext(new.{key}));
    if exists (select 1 from {table} other where other.{key} = new.{key} and other.id <> new.id and other.stage in ({listed})
               and other.busy_from < new.busy_to and new.busy_from < other.busy_to) then
      raise exception '{name}' using errcode = '{CLASH}', constraint = '{name}';
    end if;
  end if;
  return new;
end $body$;
create trigger {name} before insert or update on {table} for each row execute function {name}();
"""


def postgres(table: str, name: str, key: str, stages: tuple[str, ...]) -> str:
    """Tries for the extension; takes the constraint where it stands and the trigger where it does not."""
    return f"""
do $try$ begin
  create extension if not exists btree_gist;
exception when others then null;
end $try$;
do $choose$ begin
  if exists (select 1 from pg_extension where extname = 'btree_gist') then
    execute $sql${exclusion(table, name, key, stages)}$sql$;
  else
    execute $sql${fallback(table, name, key, stages)}$sql$;
  end if;
end $choose$;
"""
