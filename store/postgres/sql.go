package postgres

// schemaVersion is that of the tables that this version makes and knows.
const schemaVersion = 1

// lockTables is the advisory lock that makes processes that start at the same time make
// the tables one after the other.
const lockTables = 0x6e657773 // "news"

// The tables. Values change all the time and keys come and go: room in the pages keeps
// changes out of the index, and vacuum comes long before the default fifth is dead. The
// comment on the table is the layout's version.
const (
	sqlLock    = `select pg_advisory_xact_lock($1)`
	sqlVersion = `select coalesce((select obj_description(oid, 'pg_class')::int from pg_class where oid = to_regclass('newsdigest')), 0)`
	sqlCreate  = `
create table newsdigest (
	key   bytea primary key,
	value bytea not null
) with (
	fillfactor = 85,
	autovacuum_vacuum_scale_factor = 0.02,
	autovacuum_vacuum_insert_scale_factor = 0.1,
	autovacuum_analyze_scale_factor = 0.1,
	toast.autovacuum_vacuum_scale_factor = 0.02
);
comment on table newsdigest is '1';
create table newsdigest_marker (
	id      uuid primary key,
	last    bigint not null,
	retired boolean not null default false,
	used    timestamptz not null default now()
) with (
	fillfactor = 30,
	autovacuum_vacuum_scale_factor = 0,
	autovacuum_vacuum_threshold = 1000
);
`
	// Markers of processes that are long gone. One whose process only was idle is made
	// anew by its next update.
	sqlForget = `delete from newsdigest_marker where used < now() - interval '30 days'`
)

// The statements of updates.
const (
	sqlBegin    = `begin isolation level serializable`
	sqlCommit   = `commit`
	sqlRollback = `rollback`
	sqlGetAll   = `select key, value from newsdigest where key = any ($1::bytea[])`

	// Puts and deletions, and the update's mark: no row of it fails the statement.
	sqlWrite = `
with mark as (
	insert into newsdigest_marker as m (id, last) values ($1, $2)
	on conflict (id) do update set last = excluded.last, used = now() where not m.retired
	returning 1
), put as (
	insert into newsdigest (key, value) select * from unnest($3::bytea[], $4::bytea[])
	on conflict (key) do update set value = excluded.value
), gone as (
	delete from newsdigest where key = any ($5::bytea[])
)
select 1 / count(*) from mark`

	sqlRetire = `
insert into newsdigest_marker as m (id, last, retired) values ($1, 0, true)
on conflict (id) do update set retired = true
returning last`
)

// The statements of reads. A page ends before the pair that more than so many bytes of
// values precede.
const (
	sqlGet = `select value from newsdigest where key = $1`

	sqlPage = `
select key, value from (
	select key, value, sum(octet_length(value)) over (order by key rows unbounded preceding) - octet_length(value) as before
	from newsdigest where key >= $1 and key < $4 order by key limit $2
) page where before <= $3 order by key`

	sqlLastPage = `
select key, value from (
	select key, value, sum(octet_length(value)) over (order by key rows unbounded preceding) - octet_length(value) as before
	from newsdigest where key >= $1 order by key limit $2
) page where before <= $3 order by key`
)
