package hooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// listener is the name under which ttshop listen keeps its place in an inbox.
const listener = "listen"

// inboxFlags are the flags that say which inbox.
type inboxFlags struct {
	Inbox    string
	Consumer string
}

func (f *inboxFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.Inbox, "inbox", "", "the `PLACE` where events are kept: a folder, or nats://…; default: "+platform.EnvInbox+", or a folder for each app beside the configuration")
}

func (f *inboxFlags) addConsumer(flags *pflag.FlagSet) {
	flags.StringVar(&f.Consumer, "consumer", listener, "`NAME` under which the place in the inbox is kept")
}

// inboxFolder returns the folder of an app's inbox.
func inboxFolder(sys *platform.Session, appKey string) (string, error) {
	h, err := sys.Home()
	if err != nil {
		return "", err
	}
	if h.Path == "" {
		return "", console.Usagef("there is no home folder to keep events in; pass --inbox DIR")
	}
	if appKey != filepath.Base(appKey) || strings.HasPrefix(appKey, ".") {
		return "", console.Usagef("the app key %q cannot be used as a folder name; pass --inbox DIR", appKey)
	}
	return filepath.Join(h.Folder(), "inbox", appKey), nil
}

// address returns the URL of the inbox; by default it is the app's.
func (f *inboxFlags) address(sys *platform.Session, appKey func() (string, error)) (string, error) {
	place := cmp.Or(f.Inbox, sys.Getenv(platform.EnvInbox))
	if place == "" {
		key, err := appKey()
		if err != nil {
			return "", err
		}
		if place, err = inboxFolder(sys, key); err != nil {
			return "", err
		}
	}
	if strings.Contains(place, "://") || strings.HasPrefix(place, "file:") {
		return place, nil
	}
	folder, err := filepath.Abs(place)
	if err != nil {
		return "", fmt.Errorf("find the inbox: %w", err)
	}
	return "file:" + folder, nil
}

// onlyInbox returns the app key of the only inbox here, for users who are not
// signed in.
func onlyInbox(sys *platform.Session) (string, bool) {
	folder, err := inboxFolder(sys, "x")
	if err != nil {
		return "", false
	}
	entries, err := os.ReadDir(filepath.Dir(folder))
	if err != nil || len(entries) != 1 {
		return "", false
	}
	return entries[0].Name(), true
}

// openInbox opens an inbox to look into it. A missing folder is an error.
func openInbox(ctx context.Context, sys *platform.Session, address string) (*inbox.Inbox, error) {
	if folder, ok := strings.CutPrefix(address, "file:"); ok {
		if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no inbox at %s yet; ttshop listen creates it", sys.Tilde(folder))
		}
	}
	engine := inboxEngine(ctx, sys, address)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return inbox.Open(ctx, address, inboxOptions(sys, engine)...)
}

// inboxEngine finds what serves the folder of an inbox. That it is missing counts
// only where no other process serves the folder.
func inboxEngine(ctx context.Context, sys *platform.Session, address string) inbox.Engine {
	if !strings.HasPrefix(address, "file:") {
		return nil
	}
	path, err := sys.FindProgram(ctx, "ttshop-inbox")
	return inbox.Program(func(context.Context) (string, error) { return path, err })
}

// inboxOptions are the options of every inbox that is opened.
func inboxOptions(sys *platform.Session, engine inbox.Engine) []inbox.Option {
	return []inbox.Option{inbox.WithLogger(slog.New(console.NewPeopleLog(sys.System))), inbox.WithEngine(engine)}
}

// shownInbox returns the address of an inbox for people, without passwords.
func shownInbox(sys *platform.Session, address string) string {
	if folder, ok := strings.CutPrefix(address, "file:"); ok {
		return sys.Tilde(folder)
	}
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		scheme, _, _ := strings.Cut(address, "://")
		return scheme + "://…" + address[i:]
	}
	return address
}
