package signing

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign/explain"
)

// explainOptions are the options of ttshop explain.
type explainOptions struct {
	URL         string
	Method      string
	Body        string
	ContentType string
	Signature   string
	Legacy      bool
	Curl        string
	HTTP        string
	HAR         string
	Entry       int
	JSON        bool

	secret platform.SecretFlags
}

// NewExplainCmd returns the command ttshop explain.
func NewExplainCmd(sys *platform.Session) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain [URL]",
		Short: "Find the mistake that made a signature wrong",
		Long: `Show the string that is signed for a request, piece by piece, and if the
signature is wrong, say which mistake made it: the known ones are tried alone
and in pairs until one gives exactly this signature.

The request is a URL with flags, or a recording of it: a curl command line, the
text of an HTTP request, or a HAR file as browsers save it. The secret is that
of the app in use, see ttshop status, or of the app in the URL if ttshop login
keeps it. It is never shown.

The exit code is 0 when the signature is right and 3 when it is wrong.`,
		Example: `  ttshop explain "$URL" --body @body.json
  printf s3cr3t | ttshop explain --secret-file - \
    '/order/202309/orders?app_key=k&ids=1&timestamp=1700000000&sign='\
6d703edd1f08efecbeefbe6fd1e915780e6edff89864fc123581d4c1246e90a4
  ttshop explain --curl command.txt --json
  ttshop explain --http request.txt
  ttshop explain --har session.har`,
		Args: console.Takes(0, 1, "at most one URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.URL = args[0]
			}
			if err := o.check(cmd, len(args) == 1); err != nil {
				return err
			}
			return o.run(sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.JSON, "json", false, "answer with one object in JSON")
	o.secret.Add(flags)
	flags.StringVar(&o.Body, "body", "", "the exact `BODY`: text, @FILE, or @- for standard input")
	flags.StringVar(&o.Method, "method", "", "the HTTP `METHOD`; it is not signed")
	flags.StringVar(&o.ContentType, "content-type", "", "the `TYPE` in the Content-Type header; the body of multipart/form-data is not signed")
	flags.StringVar(&o.Signature, "signature", "", "the `SIGNATURE` that was sent; default: the URL's parameter sign")
	flags.BoolVar(&o.Legacy, "legacy", false, "use the rule of version 202212, which never signs the body")
	flags.StringVar(&o.Curl, "curl", "", "read a curl command line from `FILE`; - is standard input")
	flags.StringVar(&o.HTTP, "http", "", "read the text of an HTTP request from `FILE`; - is standard input")
	flags.StringVar(&o.HAR, "har", "", "read a HAR `FILE`; - is standard input")
	flags.IntVar(&o.Entry, "entry", 0, "which call of the HAR file, by `NUMBER`; default: the first that is wrong")
	return cmd
}

// check refuses requests that are given twice or not at all.
func (o *explainOptions) check(cmd *cobra.Command, hasURL bool) error {
	given, from := 0, ""
	if hasURL {
		given, from = 1, "a URL"
	}
	for _, source := range []field.Param{{Key: "--curl", Value: o.Curl}, {Key: "--http", Value: o.HTTP}, {Key: "--har", Value: o.HAR}} {
		if source.Value != "" {
			given, from = given+1, source.Key
		}
	}
	switch {
	case given == 0:
		return console.Usagef("no request: give a URL, --curl, --http or --har")
	case given > 1:
		return console.Usagef("a URL, --curl, --http and --har each give the request; use one")
	case o.Entry != 0 && o.HAR == "":
		return console.Usagef("--entry needs --har")
	case o.Entry < 0:
		return console.Usagef("--entry %d: calls are numbered from 1", o.Entry)
	}
	if !hasURL {
		for _, name := range []string{"body", "method", "content-type"} {
			if cmd.Flags().Changed(name) {
				return console.Usagef("--%s goes with a URL; %s has it already", name, from)
			}
		}
	}
	return field.OneStdin(field.Param{Key: "--secret-file", Value: o.secret.File}, field.Param{Key: "--body", Value: o.Body}, field.Param{Key: "--curl", Value: o.Curl}, field.Param{Key: "--http", Value: o.HTTP}, field.Param{Key: "--har", Value: o.HAR})
}

func (o *explainOptions) run(sys *platform.Session) error {
	in := &field.Inputs{Stdin: sys.In}
	requests, err := o.requests(sys, in)
	if err != nil {
		return err
	}
	var keys map[string]string // secrets by app key
	var chosen explain.Report
	number := 0
	for i, r := range requests {
		if o.Entry != 0 && i+1 != o.Entry {
			continue
		}
		if o.Signature != "" {
			r.Signature = o.Signature
		}
		key := appKeyOf(r.URL)
		secret, known := keys[key]
		if !known {
			if key != "" {
				o.secret.Key = &key
			}
			revealed, err := o.secret.Read(sys, in)
			if err != nil {
				return err
			}
			secret = revealed.Reveal()
			keys = map[string]string{key: secret}
		}
		options := explain.Options{Legacy: o.Legacy, Apps: otherApps(sys, key)}
		if o.HAR == "" { // a recording is read later
			options.Now = sys.Now()
		}
		report, err := explain.Explain(r, secret, options)
		if err != nil {
			return &console.ExitError{Code: console.ExitUsage, Err: err}
		}
		if number == 0 || chosen.OK && !report.OK {
			chosen, number = report, i+1
		}
	}
	switch {
	case number == 0 && o.Entry != 0:
		return console.Usagef("--entry %d: the file holds %s", o.Entry, console.Count(len(requests), "call"))
	case len(requests) > 1:
		fmt.Fprintf(sys.Err, "ttshop: this is about call %d of %d\n", number, len(requests))
	}
	if o.JSON {
		err = console.WriteJSON(sys.Out, chosen)
	} else {
		err = writeExplanation(sys, chosen)
	}
	if err == nil && !chosen.OK {
		return &console.ExitError{Code: console.ExitRefused, Err: nil}
	}
	return err
}

// requests returns the requests that the flags give.
func (o *explainOptions) requests(sys *platform.Session, in *field.Inputs) ([]explain.Request, error) {
	switch {
	case o.Curl != "":
		text, err := in.File("--curl", o.Curl)
		if err != nil {
			return nil, err
		}
		r, err := explain.ParseCurl(string(text), os.ReadFile)
		if err != nil {
			return nil, &console.ExitError{Code: console.ExitUsage, Err: err}
		}
		return []explain.Request{r}, nil
	case o.HTTP != "":
		text, err := in.File("--http", o.HTTP)
		if err != nil {
			return nil, err
		}
		r, err := explain.ParseHTTP(text)
		if err != nil {
			return nil, &console.ExitError{Code: console.ExitUsage, Err: err}
		}
		return []explain.Request{r}, nil
	case o.HAR != "":
		text, err := in.File("--har", o.HAR)
		if err != nil {
			return nil, err
		}
		requests, err := explain.ParseHAR(text)
		if err == nil && len(requests) == 0 {
			err = errors.New("the HAR file holds no call of the API")
		}
		if err != nil {
			return nil, &console.ExitError{Code: console.ExitUsage, Err: err}
		}
		return requests, nil
	}
	if err := checkURL(sys, o.URL); err != nil {
		return nil, err
	}
	body, err := in.Body("--body", o.Body)
	if err != nil {
		return nil, err
	}
	return []explain.Request{{Method: strings.ToUpper(o.Method), URL: o.URL, ContentType: o.ContentType, Body: body}}, nil
}

// appKeyOf returns the app key in a URL, or nothing.
func appKeyOf(rawURL string) string {
	_, rawQuery, _ := strings.Cut(console.Before(rawURL, "#"), "?")
	for _, p := range field.SplitQuery(rawQuery) {
		if p.Key == "app_key" {
			return p.Value
		}
	}
	return ""
}

// otherApps returns the apps of the other profiles, whose secrets may have been
// used by mistake. What cannot be read is skipped.
func otherApps(sys *platform.Session, appKey string) []explain.App {
	h, err := sys.Home()
	if err != nil {
		return nil
	}
	var apps []explain.App
	for _, key := range h.Apps() {
		if key == appKey {
			continue
		}
		if secret, err := h.Vault.AppSecret(key); err == nil {
			apps = append(apps, explain.App{Key: key, Secret: secret.Reveal()})
		}
	}
	return apps
}

// writeExplanation writes a report for people.
func writeExplanation(sys *platform.Session, r explain.Report) error {
	paint := console.Painter(sys.Color)
	columns := sys.Columns()
	var b strings.Builder
	if r.OK {
		b.WriteString(paint.Green("✓ The signature is right.") + "\n")
	} else {
		b.WriteString(paint.Red("✗ The signature is wrong.") + "\n")
	}
	say := func(indent, text string) {
		for i, line := range console.Wrap(strings.Fields(console.Printable(text)), " ", columns-len(indent)) {
			if i > 0 || indent == "" {
				b.WriteString(indent)
			}
			b.WriteString(line + "\n")
		}
	}
	if len(r.Mistakes) > 0 {
		b.WriteString("\n  ")
		say("  ", sentenceOf(r.Mistakes[0].Sentence))
		b.WriteString("  ")
		say("  ", "To fix it, "+r.Mistakes[0].Fix+".")
	} else if !r.OK {
		b.WriteString("\n  ")
		say("  ", sentenceOf(r.Summary))
	}
	if !r.OK {
		fmt.Fprintf(&b, "\n%s       %s\n", paint.Dim("got"), cmp.Or(console.Printable(r.Got), "none"))
		fmt.Fprintf(&b, "%s  %s\n", paint.Dim("expected"), r.Expected)
	}
	b.WriteString("\n" + paint.Bold("What is signed, in this order:") + "\n")
	writePieces(&b, paint, r.Pieces, columns)
	if len(r.Mistakes) > 1 {
		b.WriteString("\n" + paint.Bold("It may also have come about like this:") + "\n")
		for _, m := range r.Mistakes[1:] {
			b.WriteString("  - ")
			say("    ", m.Sentence+": "+m.Fix)
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n" + paint.Bold("Also:") + "\n")
		for _, note := range r.Notes {
			b.WriteString("  - ")
			say("    ", note)
		}
	}
	_, err := sys.Out.Write([]byte(b.String()))
	return err
}

// sentenceOf makes a clause a sentence.
func sentenceOf(clause string) string {
	if clause == "" {
		return ""
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}

// mostBodyLines is how many lines of a body are shown.
const mostBodyLines = 8

// writePieces writes the pieces of the signed string in two columns.
func writePieces(b *strings.Builder, paint console.Painter, pieces []explain.Piece, columns int) {
	column := 0
	for _, p := range pieces {
		column = max(column, len([]rune(pieceLabel(p))))
	}
	column = min(column, 28) + 4
	unsigned := false
	for _, p := range pieces {
		if p.Kind == explain.PieceUnsigned && !unsigned {
			unsigned = true
			b.WriteString("\n" + paint.Bold("What is not signed:") + "\n")
		}
		label := console.Printable(pieceLabel(p))
		text := strings.TrimPrefix(p.Text, p.Key)
		if p.Kind == explain.PieceUnsigned {
			text = p.Note
		}
		lines := cut(console.Printable(text), columns-column)
		if more := len(lines) - mostBodyLines; more > 0 {
			lines = append(lines[:mostBodyLines], fmt.Sprintf("… and %s more", console.Count(more, "line")))
		}
		fmt.Fprintf(b, "  %s%s%s\n", paint.Dim(label), strings.Repeat(" ", max(column-2-len([]rune(label)), 2)), lines[0])
		for _, line := range lines[1:] {
			b.WriteString(strings.Repeat(" ", column) + line + "\n")
		}
	}
}

// pieceLabel returns what a piece is.
func pieceLabel(p explain.Piece) string {
	if p.Key != "" {
		return p.Key
	}
	return p.Kind
}

// cut cuts a text into lines of a width, also at its own line ends.
func cut(text string, columns int) []string {
	columns = max(columns, 10)
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		runes := []rune(line)
		for len(runes) > columns {
			lines = append(lines, string(runes[:columns]))
			runes = runes[columns:]
		}
		lines = append(lines, string(runes))
	}
	return lines
}
