# JustCall SSO as one image: the app under gunicorn, for use behind a proxy that ends TLS.
# Build: docker build -t justcall-sso .      Settings: see .env.example
FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes --no-deps -r requirements.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=justcall_sso.settings
RUN useradd --system --uid 10001 --create-home justcall
WORKDIR /srv/justcall
COPY --from=build /venv /venv
COPY manage.py gunicorn.conf.py ./
COPY justcall_sso justcall_sso
COPY accounts accounts
COPY sso sso
COPY templates templates
COPY static static
# The stand-in belongs to the demo and the tests.
RUN rm -r sso/simulator \
    && python manage.py collectstatic --noinput -v 0 \
    && mkdir var && chown justcall var
USER justcall
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-m", "justcall_sso.probe"]
CMD ["gunicorn"]
