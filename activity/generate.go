package activity

//go:generate go run ../internal/typegen types.csv types_gen.go
