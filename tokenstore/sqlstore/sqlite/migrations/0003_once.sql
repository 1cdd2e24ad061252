-- What happens once, such as the use of a signed request, and until when, in seconds
-- since 1970, that has to be known.
create table ttshop_once (
	name  text primary key,
	until integer not null
) strict;
create index ttshop_once_until on ttshop_once (until);
