package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/replica"
	"github.com/ttshop-go/ttshop/sync/workers"
)

// shared opens the sharing of shops. Its times are those of jobs, and atOnce is how many
// turns a process makes at a time; zero means the usual ones.
type shared struct {
	timeout, rescue, refresh time.Duration
	atOnce                   int
}

func (s shared) share(ctx context.Context, url string, work replica.Work) (replica.Sharer, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("open the database: the URL is not one of PostgreSQL") // the error may show the password
	}
	config.ConnConfig.RuntimeParams["application_name"] = "ttshop sync workers"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	crew, err := workers.Open(ctx, pool, workers.Config{
		Shops: work.Shops, AtOnce: cmp.Or(s.atOnce, work.AtOnce), Logger: work.Logger,
		Timeout: s.timeout, Rescue: s.rescue, Refresh: s.refresh,
		Turn: func(ctx context.Context, shop string) (time.Duration, error) {
			wait, there := work.Turn(ctx, shop)
			if !there {
				return 0, workers.ErrGone
			}
			return wait, nil
		},
	})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &sharer{Workers: crew, pool: pool}, nil
}

// sharer closes the connections of its workers.
type sharer struct {
	*workers.Workers
	pool *pgxpool.Pool
}

// Close implements [replica.Sharer].
func (s *sharer) Close() { s.pool.Close() }
