FROM python:3.11-slim

WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 VAR_DIR=/data

COPY requirements.txt .
RUN pip install --no-cache-dir --requirement requirements.txt

COPY manage.py ./
COPY timeline timeline
COPY templates templates
COPY static static
COPY fixtures fixtures

RUN useradd --system --home-dir /data annals && install --directory --owner annals /data
USER annals
VOLUME /data
EXPOSE 8000

HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8000/healthz', timeout=3)"]

CMD ["sh", "-c", "python manage.py migrate --verbosity 0 \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && python manage.py load_countries \
    && python manage.py create_first_admin \
    && exec granian timeline.wsgi:application --interface wsgi --host 0.0.0.0 --port 8000 --workers 2 --blocking-threads 4 --respawn-failed-workers --no-ws"]
