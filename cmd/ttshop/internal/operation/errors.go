package operation

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// errorsOptions are the options of ttshop errors.
type errorsOptions struct{ JSON bool }

// NewErrorsCmd returns the command ttshop errors.
func NewErrorsCmd(sys *platform.Session) *cobra.Command {
	var o errorsOptions
	cmd := &cobra.Command{
		Use:   "errors [CODE [MESSAGE] | WORDS]",
		Short: "Explain error codes and what to do about them",
		Long: `Explain what an error code means, what to do about it, whether it helps to
repeat the call, and which operations are known to answer with it. With the
message that came with a code that has several meanings, the one at hand comes
first. Or find codes by words, also by those that people use ("throttled"), best
first, or by their first digits. Without arguments all codes are listed.
Everything is in the command: no network is used. The exit code is 1 if there is
no such code.

With --json a known code is one object: code, area, class, meaning, fix, retry
(no, backoff, after_fix, refresh_token or next_quota), confidence (from A,
confirmed, to D, a guess), variants and operations. Otherwise the answer is an
array of such objects without operations.`,
		Example: `  ttshop errors 105005
  ttshop errors 36009004 "Invalid sign in query"
  ttshop errors access token
  ttshop errors 36009 --json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				if code, ok := codeOf(args[0]); ok {
					return o.tell(sys, new(catalog.Catalog), code, strings.Join(args[1:], " "))
				}
			}
			return o.run(sys, strings.Join(args, " "))
		},
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
	cmd.ValidArgsFunction = completeCodes
	return cmd
}

// completeCodes completes a code, each with what it means.
func completeCodes(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var words []string
	if len(args) == 0 {
		for _, c := range new(catalog.Catalog).Codes() {
			if number := strconv.Itoa(c.Code); strings.HasPrefix(number, typed) {
				words = append(words, console.Suggestion(number, c.Meaning))
			}
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

func (o *errorsOptions) run(sys *platform.Session, query string) error {
	known := new(catalog.Catalog)
	query = strings.TrimSpace(query)
	number, err := strconv.Atoi(query)
	isNumber := err == nil
	if isNumber {
		if code, ok := known.Code(number); ok {
			return o.tell(sys, known, code, "")
		}
	}
	codes := known.Codes()
	if query != "" {
		codes = searchCodes(known, query)
		if codes == nil {
			codes = []catalog.Code{} // an array for machines
		}
	}
	if isNumber {
		codes = slices.DeleteFunc(codes, func(c catalog.Code) bool { // numbers in advice do not count
			return !strings.HasPrefix(strconv.Itoa(c.Code), query)
		})
	}
	if o.JSON {
		if err := console.WriteJSON(sys.Out, codes); err != nil {
			return err
		}
	}
	switch {
	case len(codes) == 0 && isNumber:
		return fmt.Errorf("no known code is %s or begins with it; see the message that came with it", query)
	case len(codes) == 0:
		return fmt.Errorf("no code has the words %q; fewer or shorter words find more", query)
	case o.JSON:
		return nil
	}
	rows := make([]console.Row, len(codes))
	for i, c := range codes {
		rows[i] = console.Row{Label: strconv.Itoa(c.Code), Value: c.Meaning}
	}
	return console.WriteRows(sys.Out, console.Painter(sys.Color), rows)
}

// searchCodes returns the codes that a question likely means, and then the others
// that have all of its words.
func searchCodes(known *catalog.Catalog, question string) []catalog.Code {
	codes := likelyCodes(known, question)
	for _, c := range known.SearchCodes(question) {
		if !slices.ContainsFunc(codes, func(listed catalog.Code) bool { return listed.Code == c.Code }) {
			codes = append(codes, c)
		}
	}
	return codes
}

// codeOf returns the code that a word is.
func codeOf(word string) (catalog.Code, bool) {
	number, err := strconv.Atoi(word)
	if err != nil {
		return catalog.Code{}, false
	}
	return new(catalog.Catalog).Code(number)
}

// atHand puts the variant of a code first that a message is about, and reports
// whether there is one.
func atHand(code *catalog.Code, message string) bool {
	all := make([]*meaning, len(code.Variants))
	for i, v := range code.Variants {
		all[i] = &meaning{hit: hit{name: strconv.Itoa(i)}}
		all[i].add(v.When, inMeaning)
		all[i].add(v.Fix, inNotes)
		all[i].add(variantWords(v.When), inMeaning)
	}
	hits := rank(meaningList(all), message)
	if len(hits) == 0 {
		return false
	}
	i, err := strconv.Atoi(hits[0].name)
	if err != nil {
		return false
	}
	first := code.Variants[i]
	code.Variants = slices.Insert(slices.Delete(slices.Clone(code.Variants), i, i+1), 0, first)
	return true
}

// variantWords returns the words by which the platform's messages name what our
// sentences about the variants of a code call otherwise.
func variantWords(when string) string {
	words := ""
	for ours, theirs := range map[string]string{
		"x-tts-access-token": "header access token invalid", "5 minutes old": "expired timestamp too old", "ahead": "future timestamp",
		"mandatory": "required missing empty parameter", "JSON type": "type mismatch expected number string array object", "allowed list": "allow values enum invalid value",
		"sign is absent": "sign signature missing empty query",
	} {
		if strings.Contains(when, ours) {
			words += " " + theirs
		}
	}
	return words
}

// tell writes all that is known about a code, and if a message came with it, first
// what that means.
func (o *errorsOptions) tell(sys *platform.Session, known *catalog.Catalog, code catalog.Code, message string) error {
	isAtHand := message != "" && atHand(&code, message)
	entries, err := known.CodeOperations(code.Code)
	if err != nil {
		return err
	}
	operations := make([]string, len(entries))
	for i, e := range entries {
		operations[i] = e.FullName()
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			catalog.Code
			Operations []string `json:"operations"`
		}{code, operations})
	}
	return writeCode(sys.Out, console.Painter(sys.Color), code, operations, isAtHand)
}

// writeCode writes all that is known about a code, for people. The first of its
// variants may be the one at hand.
func writeCode(w io.Writer, paint console.Painter, code catalog.Code, operations []string, isAtHand bool) error {
	var b strings.Builder
	title := fmt.Sprintf("%d: %s", code.Code, code.Meaning)
	for _, line := range console.Wrap(strings.Fields(title), " ", console.Width) {
		b.WriteString(paint.Bold(line) + "\n")
	}
	b.WriteByte('\n')
	var rows []console.Row
	variants := code.Variants
	if isAtHand {
		v := variants[0]
		rows = append(rows, console.Row{Label: "this case", Value: v.When + " (" + codeClass(v.Class) + ")"}, console.Row{Label: "to do", Value: v.Fix})
		variants = nil // what else the code may mean is not at hand
	} else {
		rows = append(rows, console.Row{Label: "to do", Value: code.Fix})
	}
	for _, v := range variants {
		rows = append(rows, console.Row{Label: "", Value: v.When + " (" + codeClass(v.Class) + "): " + v.Fix})
	}
	rows = append(rows,
		console.Row{Label: "repeat", Value: repeatAdvice(code.Retry)},
		console.Row{Label: "class", Value: codeClass(code.Class)},
		console.Row{Label: "area", Value: code.Area},
		console.Row{Label: "source", Value: sourceOf(code.Confidence)},
		console.Row{Label: "answered by", Value: answeredBy(code, operations)},
	)
	if err := console.WriteRows(&b, paint, rows); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// codeClass names a class in words.
func codeClass(class catalog.CodeClass) string { return strings.ReplaceAll(string(class), "_", " ") }

// repeatAdvice says whether it helps to repeat a call.
func repeatAdvice(retry catalog.Retry) string {
	switch retry {
	case catalog.RetryNo:
		return "no: it cannot succeed, or it is already done"
	case catalog.RetryBackoff:
		return "with growing pauses; check first whether a write took effect"
	case catalog.RetryAfterFix:
		return "once the cause is fixed"
	case catalog.RetryRefreshToken:
		return "once, with a new access token"
	case catalog.RetryNextQuota:
		return "when the quota resets"
	}
	return string(retry)
}

// sourceOf says how sure the meaning of a code is.
func sourceOf(confidence string) string {
	switch confidence {
	case "A":
		return "confirmed"
	case "B":
		return "official"
	case "C":
		return "several sources, none of them official"
	case "D":
		return "a guess"
	}
	return confidence
}

// answeredBy names the operations that are known to answer with a code.
func answeredBy(code catalog.Code, operations []string) string {
	list := strings.Join(operations, ", ")
	switch {
	case code.Area == "gateway" || code.Area == "auth": // areas of no operation
		whoever := "any operation"
		if code.Area == "auth" {
			whoever += ", or the authorization host"
		}
		if list != "" {
			whoever += "; listed for " + list
		}
		return whoever
	case list == "":
		return "no operation lists it; operations of its area may answer with it"
	}
	return list
}
