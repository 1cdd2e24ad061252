-- What the store says about itself.
create table ttshop_store (
	name  text primary key,
	value blob not null
) strict;

-- One row per grant. All that is secret is in sealed, encrypted before it gets here.
create table ttshop_grants (
	app_key    text not null,
	open_id    text not null,
	version    integer not null,
	sealed     blob not null,
	updated_at text not null default current_timestamp,
	primary key (app_key, open_id)
) strict;
