package signing

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign"
)

// verifyOptions are the options of ttshop verify.
type verifyOptions struct {
	signatureOptions
	URL  string
	JSON bool
}

// NewVerifyCmd returns the command ttshop verify.
func NewVerifyCmd(sys *platform.Session) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify URL",
		Short: "Check the signature of a request",
		Long: `Check whether the parameter sign of a URL is the right one for the URL and the
exact body. The exit code is 0 if it is and 3 if it is not; the string that
should have been signed is then shown, with the secret masked. The age of the
timestamp is not checked.`,
		Example: `  printf s3cr3t | ttshop verify --secret-file - \
    '/order/202309/orders?app_key=k&ids=1&timestamp=1700000000&sign='\
6d703edd1f08efecbeefbe6fd1e915780e6edff89864fc123581d4c1246e90a4
  ttshop verify "$URL" --body @body.json --json`,
		Args: console.Takes(1, 1, "one URL"),
		RunE: func(_ *cobra.Command, args []string) error {
			o.URL = args[0]
			return o.run(sys)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&o.JSON, "json", false, `answer {"ok":true} or {"ok":false}`)
	o.signatureOptions.add(cmd)
	return cmd
}

func (o *verifyOptions) run(sys *platform.Session) error {
	if err := checkURL(sys, o.URL); err != nil {
		return err
	}
	m, err := o.read(sys)
	if err != nil {
		return err
	}
	ok, err := m.signer.VerifyURL(o.URL, o.ContentType, m.body)
	if err != nil {
		return &console.ExitError{Code: console.ExitUsage, Err: err}
	}
	if o.JSON {
		if err := console.WriteJSON(sys.Out, struct {
			OK bool `json:"ok"`
		}{ok}); err != nil {
			return err
		}
		if !ok {
			return &console.ExitError{Code: console.ExitRefused, Err: nil}
		}
		return nil
	}
	if ok {
		_, err := fmt.Fprintln(sys.Out, console.Painter(sys.Color).Green("The signature is right."))
		return err
	}
	request, err := sign.RequestFromURL(o.URL, o.ContentType, m.body)
	if err != nil {
		return fmt.Errorf("read the URL: %w", err)
	}
	fmt.Fprintf(sys.Err, "string to sign:\n%s\n", console.Printable(m.signer.Canonical(request)))
	return &console.ExitError{Code: console.ExitRefused, Err: errors.New("the signature is wrong: it was made with another secret, or for a string other than this one; ttshop explain finds the mistake")}
}
