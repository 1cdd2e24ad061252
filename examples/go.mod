module github.com/ttshop-go/ttshop/examples

go 1.26.0

require github.com/ttshop-go/ttshop v0.2.0
