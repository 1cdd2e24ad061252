package assistant

import (
	"context"
	"errors"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign/explain"
	"github.com/ttshop-go/ttshop/sign/explain/paste"
)

// signatures explains the signatures of an app. The right signature and the signed
// string are left out: a model that has them could sign what nobody approved.
func signatures(sys *platform.Session, key string, secret ttshop.Secret) func(context.Context, string) (any, error) {
	return func(_ context.Context, text string) (any, error) {
		p, err := paste.Read(text, nil)
		if err != nil {
			return nil, err
		}
		if len(p.Requests) == 0 {
			return nil, errors.New("the text holds no request")
		}
		report, err := explain.Explain(p.Requests[0].Request, secret.Reveal(), explain.Options{Now: sys.Now(), Apps: []explain.App{{Key: key}}})
		if err != nil {
			return nil, err
		}
		return struct {
			OK       bool              `json:"ok"`
			Summary  string            `json:"summary"`
			Mistakes []explain.Mistake `json:"mistakes"`
			Notes    []string          `json:"notes,omitempty"`
		}{report.OK, report.Summary, report.Mistakes, report.Notes}, nil
	}
}
