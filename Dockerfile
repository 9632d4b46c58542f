# syntax=docker/dockerfile:1
# Vekha with its client inside, as one file on a system that has little else.

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /vekha
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/vekha/target \
    cargo xtask build --release && cp target/release/vekha /usr/local/bin/vekha

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /usr/local/bin/vekha /usr/local/bin/vekha
ENV VEKHA_LISTEN=0.0.0.0:8080 VEKHA_DATA_DIR=/data VEKHA_LOG_FORMAT=json
EXPOSE 8080
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s CMD ["vekha", "health"]
ENTRYPOINT ["vekha"]
CMD ["serve"]
