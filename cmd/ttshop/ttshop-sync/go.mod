module github.com/ttshop-go/ttshop/cmd/ttshop/ttshop-sync

go 1.26.0

require (
	github.com/jackc/pgx/v5 v5.13.0
	github.com/ttshop-go/ttshop/cmd/ttshop v0.2.0
	github.com/ttshop-go/ttshop/sync/workers v0.2.0
)
