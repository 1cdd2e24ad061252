module github.com/ttshop-go/ttshop

go 1.26.0
