-- What the store says about itself.
create table ttshop_store (
	name  text primary key,
	value bytea not null
);

-- One row per grant. All that is secret is in sealed, encrypted before it gets here.
create table ttshop_grants (
	app_key    text collate "C" not null,
	open_id    text collate "C" not null,
	version    bigint not null,
	sealed     bytea not null,
	updated_at timestamptz not null default now(),
	primary key (app_key, open_id)
);
