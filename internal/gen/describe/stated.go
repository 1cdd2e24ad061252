package describe

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// A statement is a kind of fact that the official text states in a few typical
// wordings, and the place where we carry it.
type statement struct {
	kind    string
	stated  *regexp.Regexp
	applies func(f *spec.Field) bool // nil for all
	carried func(f *spec.Field, d *catalog.Description) bool
	request bool // only of fields of requests
}

// statements errs on the side of finding too much: whoever reads the list
// decides whether a sentence states the fact of the field or only mentions it.
var statements = []statement{
	{
		kind:   "unit",
		stated: regexp.MustCompile(`(?i)\bunits?\b ?(?:of measure\w*)?:|\bin (?:grams?|kilograms?|kgs?|pounds?|cm|centimet\w+|inch(?:es)?|seconds|milliseconds|minutes|hours|(?:business |working |calendar )?days|months|bytes|KB|MB|meters?|miles)\b|unit (?:is|of)\b`),
		applies: func(f *spec.Field) bool {
			return scalar(f) && !isTime(f) && len(f.Leaf().Enum) == 0 && f.Name != "unit" && f.Name != "currency"
		},
		carried: func(_ *spec.Field, d *catalog.Description) bool { return d.Unit != "" },
	},
	{
		kind:   "percent",
		stated: regexp.MustCompile(`(?i)percent|basis points?|\brate\b|\bratio\b|\d ?%|10,?000`),
		applies: func(f *spec.Field) bool {
			return scalar(f) && !isTime(f) && len(f.Leaf().Enum) == 0 && rate.MatchString(f.Name)
		},
		carried: func(_ *spec.Field, d *catalog.Description) bool { return d.Unit != "" },
	},
	{
		kind:    "format",
		stated:  regexp.MustCompile(`(?i)\bformat(?:ted|s)?\b ?(?::|is|as|in\b)|YYYY|ISO[ -]?\d{4}|RFC ?\d+|E\.164|BCP|HH:mm|regular expression|regex`),
		applies: func(f *spec.Field) bool { return f.Leaf().Type == catalog.String && len(f.Leaf().Enum) == 0 },
		carried: func(_ *spec.Field, d *catalog.Description) bool { return d.Format != "" },
	},
	{
		kind: "markets",
		stated: regexp.MustCompile(`(?i)(?:\bonly|applicable|available|appl(?:y|ies)|specific|supported?|used|exclusive\w*|valid|effective|returned|required|mandatory)\b[^.;]{0,60}?\b(?:in|for|to|by|when)\b[^.;]{0,40}?` + market +
			`|\b` + market + `\b[^.;]{0,30}\bonly\b|\bonly\b[^.;]{0,40}` + market + `|non-` + market),
		carried: func(_ *spec.Field, d *catalog.Description) bool { return len(d.Markets) > 0 },
	},
	{
		kind:    "required_if",
		stated:  regexp.MustCompile(`(?i)(?:required|mandatory|must be (?:specified|provided|filled|passed|set)|must (?:specify|provide|pass|fill|be included))\b[^.;]{0,50}\b(?:if|when|for|unless|in|only)\b|\bif\b[^.;]{0,120}\b(?:is|are) (?:required|mandatory)\b|\b(?:if|when)\b[^.;]{0,120}\bmust\b|cannot be (?:empty|null)\b[^.;]{0,20}(?:if|when)|at least one`),
		carried: func(_ *spec.Field, d *catalog.Description) bool { return d.RequiredIf != "" },
		request: true,
	},
	{
		kind:    "length",
		stated:  regexp.MustCompile(`(?i)\b(?:max\w*|min\w*|length|up to|at most|exceed|less than|no more than|limit\w*)\b[^.;]{0,40}\bcharacters?\b|max(?:imum)? length|length (?:limit|range|between)|\d+ ?-? ?\d* characters?`),
		applies: func(f *spec.Field) bool { return f.Leaf().Type == catalog.String },
		carried: func(f *spec.Field, _ *catalog.Description) bool {
			return f.MaxLength+f.Leaf().MaxLength+f.MinLength+f.Leaf().MinLength+f.MaxItems > 0
		},
	},
	{
		kind:    "items",
		stated:  regexp.MustCompile(`(?i)\b(?:max\w*|up to|at most|exceed|no more than|limit\w*|batch)\b[^.;]{0,50}\d|max(?:imum)? (?:count|number|size)`),
		applies: func(f *spec.Field) bool { return f.Type == catalog.Array },
		carried: func(f *spec.Field, _ *catalog.Description) bool { return f.MaxItems > 0 },
	},
	{
		kind:    "range",
		stated:  regexp.MustCompile(`(?i)\b(?:max\w*|min\w*|range|between|up to|at most|at least|exceed|greater|less|no more than)\b[^.;]{0,30}\d|\[\d[^\]]*\d\]`),
		applies: func(f *spec.Field) bool { return numeric(f) && !isTime(f) },
		carried: func(f *spec.Field, _ *catalog.Description) bool { return f.Leaf().Min+f.Leaf().Max != "" },
	},
	{
		kind:    "default",
		stated:  regexp.MustCompile(`(?i)\bdefaults?\b ?(?:value|to|is|:|=)`),
		carried: func(f *spec.Field, _ *catalog.Description) bool { return f.Default != "" },
	},
	{
		kind:    "deprecated",
		stated:  regexp.MustCompile(`(?i)deprecat|no longer|obsolete|will be removed|to be removed|discontinued|sunset|has been replaced|replaced by`),
		carried: func(_ *spec.Field, d *catalog.Description) bool { return d.Deprecated != "" },
	},
	{
		kind:    "sum",
		stated:  regexp.MustCompile(`(?i)\b(?:sum of|formula|calculat\w+ (?:as|by|using)|equals?\b|[a-z_]+ = |included in|part of|breakdown of|component)`),
		applies: amount,
		carried: func(_ *spec.Field, d *catalog.Description) bool { return d.Sum != "" || formula.MatchString(d.Text) },
	},
	{
		kind:    "sign",
		stated:  regexp.MustCompile(`(?i)\bpositive\b|\bnegative\b|\bdeduct\w*`),
		applies: amount,
		carried: func(_ *spec.Field, d *catalog.Description) bool { return d.Sign != "" },
	},
}

// market matches the name or the code of a market in the official prose.
const market = `(?:\b(?-i:US|UK|EU|GB|ID|MY|SG|TH|VN|PH|BR|MX|JP|ES|FR|DE|IT|IE|SA|SEA|LATAM)\b|united states|united kingdom|indonesia\w*|malaysia\w*|singapore\w*|thailand|vietnam\w*|philippines|brazil\w*|mexic\w+|japan\w*|spain|france|germany|italy|ireland|saudi arabia|southeast asia|europe\w*|cross[- ]border)`

var (
	rate    = regexp.MustCompile(`(?i)rate$|rate_|ratio$|percent|_ctr|^(?:discount|commission)$`)
	formula = regexp.MustCompile(` [+-] |[Ss]um of |[Ss]um over |over all |added up|plus |minus |less `)
)

func scalar(f *spec.Field) bool { return f.Object() == nil && f.Leaf().Type != catalog.Boolean }

// amount reports whether a field holds money.
func amount(f *spec.Field) bool {
	return f.Leaf().Kind == catalog.KindDecimal || f.Leaf().Type == catalog.String && strings.HasSuffix(f.Name, "_amount")
}

func numeric(f *spec.Field) bool {
	t := f.Leaf().Type
	return t == catalog.Integer || t == catalog.Number || f.Leaf().Kind == catalog.KindDecimal || f.Name == "page_size"
}

func isTime(f *spec.Field) bool {
	return f.Leaf().Kind == catalog.KindUnix || f.Leaf().Kind == catalog.KindUnixMilli
}

// A Tally says how many fields the official text makes a statement of a kind
// about, and for how many of those we carry it.
type Tally struct {
	Kind            string
	Stated, Carried int
}

// Statements compares what the official text states with what the descriptions
// carry. For each kind that is asked for ("" for none, "all"), it prints the
// statements that nothing carries yet, grouped by field and wording.
func (b *Book) Statements(w io.Writer, domains []*spec.Domain, official *Official, kind string) ([]Tally, error) {
	buf := bufio.NewWriter(w)
	var tallies []Tally
	asked := kind == "" || kind == "all"
	for _, s := range statements {
		tally := Tally{Kind: s.kind}
		asked = asked || s.kind == kind
		for _, d := range domains {
			groups := map[string][]string{} // wording → places
			for _, op := range d.Operations {
				op.WalkAll(func(path string, f *spec.Field) {
					path = strings.ReplaceAll(path, "[]", "")
					text := official.Text(op.Key(), path)
					if f.Doc == nil || s.request && strings.HasPrefix(path, "result.") || s.applies != nil && !s.applies(f) || !s.stated.MatchString(text) {
						return
					}
					tally.Stated++
					if s.carried(f, f.Doc) {
						tally.Carried++
						return
					}
					group := b.origins[f] + "\x00" + text + "\x00" + known(f) + "\x00" + facts(f.Doc)
					groups[group] = append(groups[group], op.Key()+" "+path)
				})
			}
			if kind != s.kind && kind != "all" {
				continue
			}
			for _, group := range slices.Sorted(maps.Keys(groups)) {
				part := strings.Split(group, "\x00")
				places := groups[group]
				_, _ = fmt.Fprintf(buf, "%s: %s ×%d  %s (%s)\n   %s\n   > %s\n", s.kind, part[0], len(places), places[0], part[2], part[3], part[1]) // the buffer keeps the error
			}
		}
		tallies = append(tallies, tally)
	}
	if !asked {
		return nil, fmt.Errorf("there is no kind of statement %q", kind)
	}
	return tallies, buf.Flush()
}
