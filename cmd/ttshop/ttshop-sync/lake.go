package main

import (
	"context"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/replica"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/manifest"
	"github.com/ttshop-go/ttshop/sync/parquet"
)

// writeLake writes tables as Parquet files.
func writeLake(ctx context.Context, from sync.Inspector, lake replica.Lake) (*manifest.Manifest, error) {
	return parquet.Export(ctx, from, parquet.Options(lake))
}
