module github.com/ttshop-go/ttshop/internal/release

go 1.26.0

require golang.org/x/mod v0.42.0

require go.yaml.in/yaml/v3 v3.0.4

require github.com/yuin/goldmark v1.8.7 // indirect
