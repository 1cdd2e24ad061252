package signing

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign/explain"
	"github.com/ttshop-go/ttshop/sign/explain/paste"
)

// explainOptions are the options of ttshop explain.
type explainOptions struct {
	Text        string // a URL, or what was pasted
	Method      string
	Body        string
	ContentType string
	Signature   string
	Legacy      bool
	Curl        string
	HTTP        string
	HAR         string
	Entry       int
	At          string
	JSON        bool

	secret platform.SecretFlags
}

// NewExplainCmd returns the command ttshop explain.
func NewExplainCmd(sys *platform.Session) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain [URL|TEXT]",
		Short: "Find the mistake that made a signature wrong",
		Long: `Show the string that is signed for a request, piece by piece, and if the
signature is wrong, say which mistake made it: the known ones are tried alone
and in pairs until one gives exactly this signature. If it is right, say what
else the platform refuses: no token, no cipher, an old timestamp, no body.

Paste what you have, as an argument or on standard input: a URL; a curl command
of bash, cmd or PowerShell; Invoke-WebRequest; a call of fetch, axios or
Python's requests; the text of an HTTP request; a HAR file or one of its
entries; a line of a log around a URL; or the body of a webhook with its
Authorization header. Nothing in it is carried out, and no secret in it is
shown.

The secret is that of the app in use, see ttshop status, or of the app in the
URL if ttshop login keeps it. Timestamps are judged by the time in the text, by
--at, or by now.

The exit code is 0 when the request is right, and 3 when the signature is wrong
or the platform refuses it for another reason.`,
		Example: `  ttshop explain "$URL" --body @body.json
  ttshop explain < paste.txt
  ttshop explain --curl command.txt --json
  ttshop explain --http request.txt
  ttshop explain --har session.har`,
		Args: console.Takes(0, 1, "at most one URL or text"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.Text = args[0]
			}
			if err := o.check(cmd, len(args) == 1, sys); err != nil {
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
	flags.StringVar(&o.At, "at", "", "judge the timestamp as of this `TIME`: Unix seconds, a date, or a span such as -2h")
	flags.BoolVar(&o.Legacy, "legacy", false, "use the rule of version 202212, which never signs the body")
	flags.StringVar(&o.Curl, "curl", "", "read a curl command line from `FILE`; - is standard input")
	flags.StringVar(&o.HTTP, "http", "", "read the text of an HTTP request from `FILE`; - is standard input")
	flags.StringVar(&o.HAR, "har", "", "read a HAR `FILE`; - is standard input")
	flags.IntVar(&o.Entry, "entry", 0, "which of several calls, by `NUMBER`; default: the first that is wrong")
	return cmd
}

// check refuses requests that are given twice or not at all. Without any, what
// somebody pipes into the command is read.
func (o *explainOptions) check(cmd *cobra.Command, hasText bool, sys *platform.Session) error {
	given, from := 0, ""
	if hasText {
		given = 1
	}
	for _, source := range []field.Param{{Key: "--curl", Value: o.Curl}, {Key: "--http", Value: o.HTTP}, {Key: "--har", Value: o.HAR}} {
		if source.Value != "" {
			given, from = given+1, source.Key
		}
	}
	switch {
	case given == 0 && sys.Terminal.Ask:
		return console.Usagef("no request: give a URL, paste a text, or pass --curl, --http or --har")
	case given == 0:
		o.Text = "-"
	case given > 1:
		return console.Usagef("a URL or text, --curl, --http and --har each give the request; use one")
	case o.Entry < 0:
		return console.Usagef("--entry %d: calls are numbered from 1", o.Entry)
	}
	if from != "" {
		for _, name := range []string{"body", "method", "content-type"} {
			if cmd.Flags().Changed(name) {
				return console.Usagef("--%s goes with a URL; %s has it already", name, from)
			}
		}
	}
	return field.OneStdin(field.Param{Key: "the text", Value: o.Text}, field.Param{Key: "--secret-file", Value: o.secret.File}, field.Param{Key: "--body", Value: o.Body}, field.Param{Key: "--curl", Value: o.Curl}, field.Param{Key: "--http", Value: o.HTTP}, field.Param{Key: "--har", Value: o.HAR})
}

// explanation is what ttshop explain says about a request.
type explanation struct {
	explain.Report
	// OK shadows that of the report: the platform takes the request, as far as
	// this can be told from the request alone.
	OK          bool      `json:"ok"`
	SignatureOK bool      `json:"signature_ok"`
	Form        string    `json:"form,omitempty"` // of the text
	Refused     []refusal `json:"refused"`        // why the platform refuses it, whatever its signature
}

func (o *explainOptions) run(sys *platform.Session) error {
	in := &field.Inputs{Stdin: sys.In}
	pasted, err := o.read(sys, in)
	if err != nil {
		return err
	}
	at, err := o.arrival(sys)
	if err != nil {
		return err
	}
	if pasted.Delivery != nil {
		return o.explainDelivery(sys, in, pasted.Delivery, at)
	}
	chosen, number, err := o.explainAll(sys, in, pasted, at)
	switch {
	case err != nil:
		return err
	case number == 0:
		return console.Usagef("--entry %d: there are %s", o.Entry, console.Count(len(pasted.Requests), "call"))
	case len(pasted.Requests) > 1:
		sys.Warn("this is about call %d of %d", number, len(pasted.Requests))
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

// explainAll explains the requests and returns the first that is wrong, or the
// first, with its number; 0 means that there is none of the number asked for.
func (o *explainOptions) explainAll(sys *platform.Session, in *field.Inputs, pasted paste.Paste, at time.Time) (chosen explanation, number int, err error) {
	var keys map[string]string // secrets by app key
	for i, r := range pasted.Requests {
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
				return chosen, 0, err
			}
			secret = revealed.Reveal()
			keys = map[string]string{key: secret}
		}
		arrived := at
		if o.At == "" && !r.Sent.IsZero() {
			arrived = r.Sent
		}
		e, err := o.explain(r, key, secret, arrived, otherApps(sys, key))
		if err != nil {
			return chosen, 0, &console.ExitError{Code: console.ExitUsage, Err: err}
		}
		if e.Form = pasted.Form; number == 0 || chosen.OK && !e.OK {
			chosen, number = e, i+1
		}
	}
	return chosen, number, nil
}

// explain explains a request that arrived at a time.
func (o *explainOptions) explain(r paste.Request, key, secret string, at time.Time, others []explain.App) (explanation, error) {
	report, err := explain.Explain(r.Request, secret, explain.Options{Legacy: o.Legacy, Apps: others})
	if err != nil {
		return explanation{}, err
	}
	e := explanation{Report: report, SignatureOK: report.OK, Refused: []refusal{}}
	if !o.Legacy {
		if e.Refused, err = examine(&r, at); err != nil {
			return explanation{}, err
		}
	}
	multipart := strings.HasPrefix(strings.ToLower(r.ContentType), "multipart/")
	if report.OK && len(e.Refused) == 0 && !o.Legacy && !multipart && r.Method != "" {
		refused, err := askSandbox(r, key, secret, at)
		if err != nil {
			return explanation{}, err
		}
		if refused != nil {
			e.Refused = append(e.Refused, *refused)
		}
	}
	e.OK = report.OK && len(e.Refused) == 0
	switch {
	case !report.OK || e.OK:
	case e.Refused[0].ID == bodyUnknown:
		e.Summary = "the signature is right if nothing was sent as a body, which the text does not tell"
	default:
		e.Summary = "the signature is right, but the platform refuses the request: " + e.Refused[0].Sentence
	}
	e.Refused = append([]refusal{}, e.Refused...) // never null
	return e, nil
}

// arrival returns the time at which a request arrived, if the text does not say.
func (o *explainOptions) arrival(sys *platform.Session) (time.Time, error) {
	if o.At == "" {
		return sys.Now(), nil
	}
	seconds, err := field.ParseMoment("", o.At, sys.Now())
	if err != nil {
		return time.Time{}, console.Usagef("--at: %w", err)
	}
	n, err := seconds.Int64()
	if err != nil {
		return time.Time{}, console.Usagef("--at: %w", err)
	}
	return time.Unix(n, 0), nil
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
