# redraft as one static binary in an otherwise empty image. `docker compose up -d` builds and starts it;
# tools/prove-container.sh checks the image.

FROM docker.io/library/rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
# glibc, linked statically: musl builds lose the unwinding that limits a panic to one article.
# The build names the machine's own target, because only then cargo keeps RUSTFLAGS from build scripts and procedural macros, which
# cannot be static. rustc prints the target's name, so that the same lines build on x86_64 and aarch64. Packed relocations (readable
# by glibc 2.36 of bookworm) save 0.7 MB.
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
# Copies the directory itself, not its (empty) content, so that it keeps its owner. A new volume inherits that owner.
COPY --from=build --chown=65532:65532 /owned/ /

# redraft reads settings, sources and hints from /config, if something is mounted there. Mozilla's root certificates are compiled in;
# the certificate file is for `fetch.ca_file`. glibc's allocator gets only two arenas, because each arena keeps the memory that its
# largest page or picture needed.
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
