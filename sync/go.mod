module github.com/ttshop-go/ttshop/sync

go 1.26.0

require (
	github.com/jackc/pgx/v5 v5.13.0
	github.com/ttshop-go/ttshop v0.2.0
	modernc.org/sqlite v1.62.0
)
