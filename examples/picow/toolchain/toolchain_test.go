package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/workato-go/sdk/examples/picow/secure"
)

// The patched arithmetic and Go's own answer the same questions alike.
func TestArithmetic(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "toolchain")
	if err := run(goroot(t), "", dir); err != nil {
		t.Fatal(err)
	}
	questions := questions(t)
	installed := answers(t, goroot(t), questions)
	patched := answers(t, filepath.Join(dir, "goroot"), questions)
	for i, question := range questions {
		if installed[i] != patched[i] {
			t.Errorf("%s\ninstalled: %s\npatched:   %s", question, installed[i], patched[i])
		}
	}
	for i, want := range map[int]string{len(questions) - 1: "crypto/rsa: verification error", len(questions) - 2: "<nil>"} {
		if patched[i] != want {
			t.Errorf("%s\n%s, want %s", questions[i], patched[i], want)
		}
	}
}

// The buffer for the messages of a handshake has the size that the firmware bounds
// them to: a smaller one would have to grow, and memory may have no place for that.
func TestRoomForAHandshake(t *testing.T) {
	t.Parallel()
	text, err := sources.ReadFile("_src/root/crypto/tls/room.go")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("\nconst handSize = %d << 10\n", secure.MaxHandshake>>10); !strings.Contains(string(text), want) {
		t.Errorf("room.go has no line%s", want)
	}
}

func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// answers compiles testdata/arithmetic with a GOROOT and asks it.
func answers(t *testing.T, root string, questions []string) []string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "arithmetic")
	// Without assembly, which is not patched and which the chip has not either.
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "purego", "-o", program, "testdata/arithmetic/main.go")
	build.Env = append(os.Environ(), "GOROOT="+root, "GOWORK=off", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ask := exec.CommandContext(t.Context(), program)
	ask.Stdin = strings.NewReader(strings.Join(questions, "\n") + "\n")
	ask.Stderr = os.Stderr
	out, err := ask.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(lines), len(questions))
	}
	return lines
}

func questions(t *testing.T) (questions []string) {
	t.Helper()
	add := func(format string, args ...any) { questions = append(questions, fmt.Sprintf(format, args...)) }
	hash := sha256.Sum256([]byte("what is signed"))
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		params := curve.Params()
		size := (params.N.BitLen() + 7) / 8
		text := func(n *big.Int) string { return fmt.Sprintf("%0*x", 2*size, n) }
		scalars := edges(params.N)
		for range 40 {
			n, err := rand.Int(rand.Reader, params.N)
			if err != nil {
				t.Fatal(err)
			}
			scalars = append(scalars, n)
		}
		for i, n := range scalars {
			add("base %s %s", params.Name, text(n))
			add("mult %s %s %s", params.Name, text(n), text(scalars[(i*7+3)%len(scalars)]))
		}
		for i := range 8 {
			key, err := ecdsa.GenerateKey(curve, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			private, err := key.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			r, s, err := ecdsa.Sign(rand.Reader, key, hash[:])
			if err != nil {
				t.Fatal(err)
			}
			if i%2 == 1 {
				s.Xor(s, big.NewInt(4)) // no signature any more
			}
			add("ecdsa %s %x %x %s %s", params.Name, private, hash, text(r), text(s))
		}
	}
	for range 20 {
		var scalar, point [32]byte
		for _, p := range [][]byte{scalar[:], point[:]} {
			if _, err := rand.Read(p); err != nil {
				t.Fatal(err)
			}
		}
		add("x25519 %x %x", scalar, point)
	}
	add("x25519 %064x %064x", 1, 0) // a point of low order, which must be refused
	for _, bits := range []int{2048, 3072, 4096} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, hash[:])
		if err != nil {
			t.Fatal(err)
		}
		add("rsa %x %x %x", key.N, hash, signature)
		signature[len(signature)/2] ^= 1
		add("rsa %x %x %x", key.N, hash, signature)
	}
	return questions
}

// edges are scalars at which a mistake would show: near nothing and the order, and
// windows of bits that are all ones or all zeros.
func edges(order *big.Int) []*big.Int {
	one := big.NewInt(1)
	some := []*big.Int{big.NewInt(0)}
	for _, n := range []int64{1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65} {
		some = append(some, big.NewInt(n), new(big.Int).Sub(order, big.NewInt(n)))
	}
	for shift := uint(4); int(shift) < order.BitLen(); shift += 37 {
		power := new(big.Int).Lsh(one, shift)
		some = append(some, power, new(big.Int).Sub(power, one), new(big.Int).Sub(order, power))
	}
	return some
}

// The library that the firmware is compiled with has Go's TLS, and nothing of
// TinyGo's stub beside it.
func TestTLS(t *testing.T) {
	t.Parallel()
	tinygo := t.TempDir()
	for name, text := range map[string]string{
		"crypto/tls/stub.go":          "package tls\n",
		"internal/task/task_stack.go": "package task\n\nfunc start() {\n\tt.state.initialize(fn, args, stackSize)\n}\n",
		"runtime/gc_blocks.go":        "package runtime\n\nfunc alloc() {\n\t// Acquire a range of free blocks.\n}\n",
	} {
		file := filepath.Join(tinygo, "src", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(t.TempDir(), "toolchain")
	if err := run(goroot(t), tinygo, dir); err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(os.DirFS(dir), "root/src/crypto/tls/*.go")
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		if name == "cache.go" || name == "conn.go" || name == "room.go" {
			continue // ours, and the one that is changed
		}
		to, err := os.Readlink(filepath.Join(dir, file))
		if want := filepath.Join(goroot(t), "src/crypto/tls", name); err != nil || to != want {
			t.Errorf("%s is %s, not %s: %v", file, to, want, err)
		}
	}
	// A file that Go's crypto/tls has and the list does not is missed here.
	installed, err := filepath.Glob(filepath.Join(goroot(t), "src/crypto/tls/*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range installed {
		name := filepath.Base(file)
		if strings.HasSuffix(name, "_test.go") || name == "generate_cert.go" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "root/src/crypto/tls", name)); err != nil {
			t.Errorf("crypto/tls has %s, which tlsFiles lacks", name)
		}
	}
}

// A Go whose source is another is refused, and nothing is left behind.
func TestOtherGo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file, text, want string }{
		{"another loop", "crypto/ecdh/x25519.go", "package ecdh\n\nimport (\n)\n\nfunc f() { for pos := 255; ; {} }\n", `crypto/ecdh: x25519.go: "\tfor pos := 254`},
		{"another function", "crypto/internal/fips140/nistec/p384.go", "package nistec\n\nimport (\n)\n", "is declared 0 times, not once"},
		{"no Go", "crypto/internal/fips140/nistec/p256.go", "import (\n)\n\t\"unsafe\"\n\t\"crypto/internal/fips140deps/cpu\"\n", "expected 'package'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			other := filepath.Join(t.TempDir(), "go")
			if err := link(goroot(t), other); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(other, "src", test.file)
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "toolchain")
			err := run(other, "", dir)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "the installed Go is not one") {
				t.Errorf("%v, want one with %q", err, test.want)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("half of a toolchain is left behind")
			}
		})
	}
}

// The installed Go stays as it is.
func TestUntouched(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links want a right that not everybody has")
	}
	installed := filepath.Join(goroot(t), "src/crypto/internal/fips140/nistec/p256.go")
	before, err := os.ReadFile(installed)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(goroot(t), "", filepath.Join(t.TempDir(), "toolchain")); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(installed)
	if err != nil || string(after) != string(before) || !strings.Contains(string(after), "p256GeneratorTables") {
		t.Error("the installed Go was changed")
	}
}
