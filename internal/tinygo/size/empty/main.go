//go:build tinygo

// Command empty is what every program costs: TinyGo's runtime and println.
package main

func main() { println("rows", 0) }
