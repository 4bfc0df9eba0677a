# redraft as one static binary in an otherwise empty image. `docker compose up -d` builds and starts it;
# tools/prove-container.sh checks everything that is said here.

FROM docker.io/library/rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
# glibc, linked statically: musl builds lose the unwinding that contains a panic to one article.
# The target is named although it is the machine's own: only then do build scripts and procedural macros, which cannot be
# static, stay free of RUSTFLAGS. It is asked for, so that the same lines build on x86_64 and aarch64. Relocations are packed
# (glibc 2.36, bookworm's, reads that): 0.7 MB less.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/cache \
    target="$(rustc -vV | sed -n 's/^host: //p')" \
    && export CARGO_TARGET_DIR="/cache/$target" RUSTFLAGS="-C target-feature=+crt-static" \
    && cargo rustc --locked --profile image --bin redraft --target "$target" -- -C link-arg=-Wl,-z,pack-relative-relocs \
    && install -D -m 0755 "/cache/$target/$target/image/redraft" /image/redraft \
    && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt \
    && install -d -m 0755 /image/config \
    && install -d -m 0750 /owned/data

FROM scratch
LABEL org.opencontainers.image.title="redraft" \
      org.opencontainers.image.description="Watches feeds, keeps every version of the articles they link to, and publishes the edits that matter as feeds" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /image/ /
# The directory itself is copied, not its (missing) content: so it gets its owner, and a new volume takes that over.
COPY --from=build --chown=65532:65532 /owned/ /

# Settings, sources and hints are read from /config, when something is mounted there. The root
# certificates of Mozilla are compiled in; the file is for `fetch.ca_file`. Two arenas are enough for glibc's allocator: each
# keeps what the largest page or picture took.
WORKDIR /
ENV MALLOC_ARENA_MAX=2 \
    REDRAFT_CONFIG=/config \
    REDRAFT_SERVE_LISTEN=0.0.0.0:8080 \
    REDRAFT_STORE_PATH=/data
USER 65532:65532
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["/redraft", "health"]
ENTRYPOINT ["/redraft"]
CMD ["run"]
