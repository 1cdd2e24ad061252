package signing

import (
	"errors"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign/explain/paste"
	"github.com/ttshop-go/ttshop/webhook"
)

// deliveryExplanation is what ttshop explain says about a webhook's delivery.
type deliveryExplanation struct {
	OK          bool   `json:"ok"`
	SignatureOK bool   `json:"signature_ok"`
	Form        string `json:"form"`
	Summary     string `json:"summary"`
	Expected    string `json:"expected"`
}

// explainDelivery says whether a delivery is signed for the app in use, and
// otherwise why not. The receiver of package webhook judges.
func (o *explainOptions) explainDelivery(sys *platform.Session, in *field.Inputs, d *paste.Delivery, at time.Time) error {
	var flags platform.AppFlags
	key, err := flags.ReadKey(sys)
	if err != nil {
		return err
	}
	secret, err := o.secret.Read(sys, in)
	if err != nil {
		return err
	}
	app, err := webhook.NewApp(key, secret.Reveal())
	if err != nil {
		return &console.ExitError{Code: console.ExitUsage, Err: err}
	}
	e := deliveryExplanation{OK: true, SignatureOK: true, Form: "webhook", Summary: "the signature is right for app " + key, Expected: app.Sign(d.Body)}
	receiver := webhook.NewHandler(app, webhook.WithClock(func() time.Time { return at }))
	if _, err := receiver.Verify(d.Authorization, d.Body); err != nil {
		e.OK, e.SignatureOK = false, errors.Is(err, webhook.ErrWindow)
		_, e.Summary, _ = strings.Cut(err.Error(), ": ")
	}
	if o.JSON {
		err = console.WriteJSON(sys.Out, e)
	} else {
		err = writeDelivery(sys, key, d, e)
	}
	if err == nil && !e.OK {
		return &console.ExitError{Code: console.ExitRefused, Err: nil}
	}
	return err
}

// writeDelivery writes what is known of a delivery for people.
func writeDelivery(sys *platform.Session, key string, d *paste.Delivery, e deliveryExplanation) error {
	paint := console.Painter(sys.Color)
	s := newSheet(sys)
	switch {
	case e.OK:
		s.line(paint.Green("✓ The signature of the webhook is right."))
	case e.SignatureOK:
		s.line(paint.Red("✗ The signature of the webhook is right, but a receiver refuses it."))
	default:
		s.line(paint.Red("✗ The signature of the webhook is wrong."))
	}
	if !e.OK {
		s.line("")
		s.say("  ", sentenceOf(e.Summary))
	}
	if !e.SignatureOK {
		s.line("")
		s.say("", paint.Dim("got")+"       "+console.Printable(d.Authorization))
		s.say("", paint.Dim("expected")+"  "+e.Expected)
	}
	s.line("")
	s.line(paint.Bold("What is signed, in this order:"))
	s.say("  ", "app key  "+console.Printable(key))
	for _, line := range cut("body     "+console.Printable(string(d.Body)), s.columns-2) {
		s.line("  " + line)
	}
	return s.write(sys.Out)
}
