package gate

import (
	"context"
	"log/slog"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/gateway/pgaudit"
)

// The values of --audit that are no file and no URL.
const (
	auditNone  = "none"
	auditStore = "store"
)

// auditURL returns the database that --audit asks for, or an empty text where it
// asks for a file.
func auditURL(asked, storeURL string) (string, error) {
	switch {
	case isPostgres(asked):
		return asked, nil
	case asked != auditStore:
		return "", nil
	case !isPostgres(storeURL):
		return "", console.Usagef("--audit store: the token store is not in PostgreSQL; name a file or postgres://…")
	}
	return storeURL, nil
}

// openAudit opens the audit, if one is wanted.
func (o *gatewayOptions) openAudit(ctx context.Context, sys *platform.Session, g *ground, logger *slog.Logger) error {
	url, err := auditURL(o.Audit, g.storeURL)
	if err != nil {
		return err
	}
	if o.AuditKeep != "" && url == "" {
		return console.Usagef("--audit-keep is for an audit in a database; see --audit")
	}
	switch {
	case o.Audit == auditNone, o.Audit == "" && o.Sandbox:
		return nil
	case url != "":
		config := pgaudit.Config{Logger: logger}
		if o.AuditKeep != "" {
			if config.Keep, err = parseSpan("--audit-keep", o.AuditKeep); err != nil {
				return err
			}
		}
		audit, err := pgaudit.Open(ctx, url, config)
		if err != nil {
			return err
		}
		g.audit, g.auditAt = audit, platform.ShownStore(url)
		g.closes = append(g.closes, audit.Close)
		return nil
	}
	path := o.Audit
	if path == "" {
		if path, err = beside(sys, auditFile); err != nil {
			return err
		}
	}
	audit, err := gateway.OpenAuditFile(path)
	if err != nil {
		return err
	}
	g.audit, g.auditAt = audit, path
	g.closes = append(g.closes, audit.Close)
	return nil
}
