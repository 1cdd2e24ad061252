-- Named documents, such as the keys of a gateway, sealed as grants are.
create table ttshop_documents (
	name    text primary key,
	version integer not null,
	sealed  blob not null
) strict;

-- How much of a budget was used on a day, which is counted from 1970.
create table ttshop_budgets (
	name text primary key,
	day  integer not null,
	used integer not null
) strict;
