package gate

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/gateway/connect"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// service is a gateway with all that runs beside it.
type service struct {
	*ground
	gate    *gateway.Gateway
	keeper  *tokenstore.Keeper
	connect *connect.Handler // nil: sellers cannot connect
	front   *listening
	admin   *listening // nil: there is none
	entry   *entrance  // likewise
	logger  *slog.Logger
}

// close closes the listeners of a service that is not run.
func (s *service) close() error {
	errs := []error{s.front.Close(), s.entry.close()}
	if s.admin != nil {
		errs = append(errs, s.admin.Close())
	}
	return errors.Join(errs...)
}

// connectURL is where sellers come in, or empty.
func (s *service) connectURL() string {
	if s.entry == nil {
		return ""
	}
	return s.entry.url
}

// watchInterval is the time between looks at the keys.
const watchInterval = 2 * time.Second

// run runs everything until the context ends or something fails.
func (s *service) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	parts := []func() error{
		func() error { return serve(ctx, s.front, s.gate) },
		func() error { return s.keeper.Run(ctx) },
		func() error { s.watchKeys(ctx); return nil },
		func() error { s.reloadKeys(ctx); return nil },
	}
	if s.admin != nil {
		admin := &gateway.Admin{Gateway: s.gate, Keeper: s.keeper, Pace: s.pace.states, PaceLost: s.pace.lost}
		admin.Console = ownConsole(admin)
		parts = append(parts, func() error { return serve(ctx, s.admin, admin) })
	}
	if s.entry != nil {
		parts = append(parts,
			func() error { return serve(ctx, s.entry.listening, s.connect) },
			func() error { return s.connect.Run(ctx) })
	}
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ended <- part() }()
	}
	var errs []error
	for range parts {
		errs = append(errs, <-ended)
		stop() // if one ends, so do the others
	}
	return errors.Join(errs...)
}

// watchKeys follows changes of the keys.
func (s *service) watchKeys(ctx context.Context) {
	s.book.Watch(ctx, watchInterval, func(state policy.BookState) {
		if state.Error != "" {
			s.logger.Error("the keys cannot be read; the former ones stay in force", "error", state.Error)
		} else {
			s.logger.Info("the keys have changed", "keys", state.Keys)
		}
	})
}

// reloadKeys reads the keys at once whenever the process gets a SIGHUP, which would
// end it otherwise.
func (s *service) reloadKeys(ctx context.Context) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGHUP)
	defer signal.Stop(told)
	for {
		select {
		case <-ctx.Done():
			return
		case <-told:
		}
		if err := s.book.Reload(ctx); err != nil {
			s.logger.Error("the keys cannot be read; the former ones stay in force", "error", err.Error())
			continue
		}
		s.logger.Info("the keys were read again", "keys", s.book.State().Keys)
	}
}
