package crowdtest

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
)

const roleHerd = "herd"

// Herd has processes find the token expired at the same moment, in several rounds:
// one refresh reaches the platform, and all get a token that works.
func Herd(t *testing.T, p *Platform) {
	processes, rounds := 50, 4
	if Long() {
		rounds = 100
	}
	store := p.openStore(t)
	defer store.Close()
	children := make([]*child, processes)
	for i := range children {
		children[i] = p.spawn(t, roleHerd)
		defer children[i].cmd.Process.Kill()
	}
	var slowest, total time.Duration
	for round := range rounds {
		expire(t, store, p.key())
		before := p.refreshes()
		each(t, children, "load", "ready")
		began := time.Now()
		tokens := map[string]bool{}
		for _, c := range children {
			c.write(t, "go")
		}
		for _, c := range children {
			line := c.read(t)
			token, ok := strings.CutPrefix(line, "token ")
			if !ok {
				t.Errorf("round %d: a process says: %s", round, line)
			}
			tokens[token] = true
		}
		took := time.Since(began)
		slowest, total = max(slowest, took), total+took
		grant, err := store.Load(t.Context(), p.key())
		if err != nil {
			t.Fatal(err)
		}
		if n := p.refreshes() - before; n != 1 || len(tokens) != 1 || !tokens[digest(grant.Token.AccessToken.Reveal())] {
			t.Fatalf("round %d: %d refreshes reached the platform, the processes have %d tokens", round, n, len(tokens))
		}
	}
	for _, c := range children {
		c.in.Close() // they end together
	}
	for _, c := range children {
		if err := c.cmd.Wait(); err != nil {
			t.Errorf("a process ended with %v: %s", err, c.errors.String())
		}
		p.noSecret(t, "a process", c.errors.String())
	}
	t.Logf("%d processes × %d rounds: one refresh each; from the start of a round to the last call's answer %v on average, %v at most",
		processes, rounds, (total / time.Duration(rounds)).Round(time.Millisecond), slowest.Round(time.Millisecond))
}

// each tells all children to do something and waits for their answers.
func each(t *testing.T, children []*child, say, want string) {
	t.Helper()
	for _, c := range children {
		c.write(t, say)
	}
	for _, c := range children {
		if got := c.read(t); got != want {
			t.Fatalf("a process says %q, want %q", got, want)
		}
	}
}

// expire makes a store believe that a token has ended.
func expire(t *testing.T, store tokenstore.Store, key tokenstore.Key) {
	t.Helper()
	grant, err := store.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	grant.Token.AccessTokenExpiresAt = time.Now().Add(-time.Hour)
	if _, err := store.Save(t.Context(), grant); err != nil {
		t.Fatal(err)
	}
}

// herdChild loads the grant and calls the platform when it is told to.
func (p *Platform) herdChild(ctx context.Context, store tokenstore.Store, in *bufio.Scanner) error {
	var fleet *tokenstore.Fleet
	for in.Scan() {
		switch in.Text() {
		case "load":
			fleet = p.fleet(store)
			if _, err := fleet.Source(ctx, p.key()); err != nil {
				return err
			}
			fmt.Println("ready")
		case "go":
			token, err := p.call(ctx, fleet)
			if err == nil {
				err = fleet.Close(ctx)
			}
			if err != nil {
				fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
				continue
			}
			fmt.Println("token", token)
		}
	}
	return in.Err()
}

// call makes a call with the grant's token and returns which token that was.
func (p *Platform) call(ctx context.Context, fleet *tokenstore.Fleet) (string, error) {
	client, err := fleet.Client(ctx, p.key())
	if err != nil {
		return "", err
	}
	if _, err := client.Call(ctx, "GET", "/authorization/202309/shops", nil, nil); err != nil {
		return "", err
	}
	source, err := fleet.Source(ctx, p.key())
	if err != nil {
		return "", err
	}
	return digest(source.Held().Token.AccessToken.Reveal()), nil
}
