-- Named documents, such as the keys of a gateway, sealed as grants are.
create table ttshop_documents (
	name    text collate "C" primary key,
	version bigint not null,
	sealed  bytea not null
);

-- How much of a budget was used on a day, which is counted from 1970.
create table ttshop_budgets (
	name text collate "C" primary key,
	day  bigint not null,
	used bigint not null
);
