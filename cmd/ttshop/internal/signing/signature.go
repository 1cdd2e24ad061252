package signing

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign"
)

// signatureOptions say what a signature is made with; ttshop sign and ttshop
// verify share them.
type signatureOptions struct {
	Body        string
	ContentType string
	Legacy      bool

	secret platform.SecretFlags
}

func (o *signatureOptions) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	o.secret.Add(flags)
	flags.StringVar(&o.Body, "body", "", "the exact `BODY`: text, @FILE, or @- for standard input")
	flags.StringVar(&o.ContentType, "content-type", "", "the `TYPE` in the Content-Type header; the body of multipart/form-data is not signed")
	flags.BoolVar(&o.Legacy, "legacy", false, "sign with the rule of version 202212, which never signs the body")
}

// material is what a signature is made from.
type material struct {
	signer *sign.Signer
	body   []byte
}

// read gets the secret and the body.
func (o *signatureOptions) read(sys *platform.Session) (material, error) {
	if err := field.OneStdin(field.Param{Key: "--secret-file", Value: o.secret.File}, field.Param{Key: "--body", Value: o.Body}); err != nil {
		return material{}, err
	}
	in := &field.Inputs{Stdin: sys.In}
	secret, err := o.secret.Read(sys, in)
	if err != nil {
		return material{}, err
	}
	body, err := in.Body("--body", o.Body)
	if err != nil {
		return material{}, err
	}
	if o.Legacy {
		return material{sign.NewLegacy(secret.Reveal()), body}, nil
	}
	return material{sign.New(secret.Reveal()), body}, nil
}

// checkURL refuses what is not a URL and warns of a token in one.
func checkURL(sys *platform.Session, rawURL string) error {
	scheme, rest, absolute := strings.Cut(rawURL, "://")
	switch {
	case strings.HasPrefix(rawURL, "/"):
	case !absolute || strings.ContainsAny(scheme, "/?#"):
		return console.Usagef("the URL must begin with https:// or, without a host, with a slash")
	case !strings.Contains(console.Before(rest, "?#"), "/"):
		return console.Usagef("the URL has no path; use, for example, %s", "https://host/order/202309/orders")
	}
	_, rawQuery, _ := strings.Cut(console.Before(rawURL, "#"), "?")
	for _, p := range field.SplitQuery(rawQuery) {
		if p.Key == "access_token" && p.Value != "" {
			sys.Warn("the URL holds an access token, visible to other users and kept in the shell's history; it is not signed, leave it out")
		}
	}
	return nil
}
