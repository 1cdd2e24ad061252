package readonly

import "strings"

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

var (
	// functions are those that may be called, of both databases. All of them compute
	// from what they are given; none makes a long text of a short one.
	functions = set(`count sum avg min max coalesce nullif round abs ceil floor sign mod
		lower upper length trim ltrim rtrim substr substring position instr
		date time datetime strftime julianday unixepoch date_trunc date_part extract age to_char to_date to_timestamp now
		cast iif greatest least row_number rank dense_rank percent_rank ntile lag lead first_value last_value
		string_agg group_concat json_extract json_array_length jsonb_array_length
		stddev variance percentile_cont percentile_disc`)

	// before are the words that may stand before a parenthesis and call nothing.
	before = set(`select from join where on and or not in exists any all some as over filter having by then else when case
		union intersect except values between like ilike limit offset using distinct group order is escape return within`)

	// texted are the words that may stand before a text. A type before a text makes a
	// value of it; those that look something up are not among them.
	texted = set(`select distinct all where on and or not like ilike escape then else when between having by limit in is from
		date time timestamp timestamptz interval case as return`)

	// types are those that values may be turned into.
	types = set(`text varchar char numeric decimal integer int bigint smallint real double float boolean date time timestamp timestamptz interval json jsonb`)

	// denied are the words of what is not a question, or asks about the server.
	denied = set(`insert update delete merge replace create drop alter truncate grant revoke copy do call execute prepare deallocate
		listen notify unlisten vacuum analyze reindex cluster set reset show begin commit rollback savepoint release
		attach detach pragma into table tablesample recursive returning for explain lock
		user current_user session_user system_user current_role current_catalog current_schema current_database`)

	// ends are the words that end the list of tables of a query.
	ends = set(`where group order having limit offset window fetch union intersect except`)
)
