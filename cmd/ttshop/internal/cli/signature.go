package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/sign"
)

// signatureOptions say what a signature is made with; ttshop sign and ttshop
// verify share them.
type signatureOptions struct {
	Body        string
	ContentType string
	Legacy      bool

	secret secretFlags
}

func (o *signatureOptions) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	o.secret.add(flags)
	flags.StringVar(&o.Body, "body", "", "the exact `BODY`: text, @FILE, or @- for standard input")
	flags.StringVar(&o.ContentType, "content-type", "", "the `TYPE` in the Content-Type header; the body of multipart/form-data is not signed")
	flags.BoolVar(&o.Legacy, "legacy", false, "sign by the rule of version 202212, which never signs the body")
}

// material is what a signature is made of.
type material struct {
	signer *sign.Signer
	body   []byte
}

// read gets the secret and the body.
func (o *signatureOptions) read(sys *System) (material, error) {
	if err := oneStdin(param{"--secret-file", o.secret.file}, param{"--body", o.Body}); err != nil {
		return material{}, err
	}
	in := &inputs{stdin: sys.In}
	secret, err := o.secret.read(sys, in)
	if err != nil {
		return material{}, err
	}
	body, err := in.body("--body", o.Body)
	if err != nil {
		return material{}, err
	}
	if o.Legacy {
		return material{sign.NewLegacy(secret.Reveal()), body}, nil
	}
	return material{sign.New(secret.Reveal()), body}, nil
}

// checkURL refuses what is no URL and warns of a token in one.
func checkURL(sys *System, rawURL string) error {
	scheme, rest, absolute := strings.Cut(rawURL, "://")
	switch {
	case strings.HasPrefix(rawURL, "/"):
	case !absolute || strings.ContainsAny(scheme, "/?#"):
		return usagef("the URL must begin with https:// or, without the host, with the path's slash")
	case !strings.Contains(before(rest, "?#"), "/"):
		return usagef("the URL has no path; want one such as %s", "https://host/order/202309/orders")
	}
	_, rawQuery, _ := strings.Cut(before(rawURL, "#"), "?")
	for _, p := range splitQuery(rawQuery) {
		if p.key == "access_token" && p.value != "" {
			sys.warn("the URL holds an access token, which other users and the shell's history see; it is not signed, leave it out")
		}
	}
	return nil
}

// before returns s up to the first of the characters.
func before(s, characters string) string {
	if i := strings.IndexAny(s, characters); i >= 0 {
		return s[:i]
	}
	return s
}
